import { useState } from "preact/hooks";
import { Scroll } from "../components/scroll";
import type { Setting } from "../schema";
import type { Panel, PanelProps } from "./panel";

export const config: Panel = { id: "config", place: "details", Content: Config };

function Config({ run }: PanelProps) {
  const [text, setText] = useState("");
  const settings = run.config;
  const sources = [...new Set(settings.map(({ file }) => file))];
  const shown = settings.filter((setting) => holds(setting, text.toLowerCase()));
  return (
    <section class="card" aria-labelledby="config-title">
      <header class="card-head">
        <h2 id="config-title">
          Configuration <span class="muted">{sources.join(", ")}</span>
        </h2>
        <span class="spring" />
        {settings.length > 0 && (
          <input
            type="search"
            aria-label="Filter the configuration"
            placeholder="Filter"
            value={text}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </header>
      {settings.length === 0 ? (
        <p class="muted">No file of this run states its arguments.</p>
      ) : (
        <Scroll label="Training arguments">
          <table class="config">
            <thead class="unseen">
              <tr>
                <th scope="col">Argument</th>
                <th scope="col">Value</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ key, value, file }) => (
                <tr key={`${file} ${key}`}>
                  <th scope="row" title={file}>
                    {key}
                  </th>
                  <td>{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
          {shown.length === 0 && <p class="muted">No argument matches.</p>}
        </Scroll>
      )}
    </section>
  );
}

function holds({ key, value }: Setting, text: string): boolean {
  return `${key} ${value}`.toLowerCase().includes(text);
}
