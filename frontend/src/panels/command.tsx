import { Card } from "../components/card";
import { Copyable } from "../components/copy";
import type { Panel, PanelProps } from "./panel";

export const command: Panel = { id: "command", place: "details", Content: Command };

/** How to train the same once more. */
function Command({ run }: PanelProps) {
  const { line, notes } = run.reproduction.command;
  return (
    <Card id="command" title="Train it again" kind="command">
      {line !== null && <Copyable text={line} label="command" />}
      {notes.map((note) => (
        <p class="muted" key={note}>
          {note}
        </p>
      ))}
    </Card>
  );
}
