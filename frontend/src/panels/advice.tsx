import { Copyable } from "../components/copy";
import type { Advice, Change } from "../schema";

/** The line that does what the advice says, null where it is no line. */
export function fixOf({ change, command }: Advice): string | null {
  if (command !== null) return command;
  return change && change.to !== null ? `${change.arg}=${change.to}` : null;
}

/** An advice in words, and as a line to copy. */
export function AdviceText({ advice: { text, change, command } }: { advice: Advice }) {
  return (
    <>
      {text}
      {change && <ChangeLine change={change} typed={!command} />}
      {command && (
        <div class="to-copy">
          <Copyable text={command} label="command" />
        </div>
      )}
    </>
  );
}

/** The argument as it was, struck through, and as it is now: to copy, unless a whole line to copy follows. */
function ChangeLine({ change: { arg, from, to }, typed }: { change: Change; typed: boolean }) {
  const now = `${arg}=${to}`;
  return (
    <div class="to-copy">
      {from !== null && (
        <s>
          <span class="unseen">instead of </span>
          <code>{`${arg}=${from}`}</code>
        </s>
      )}
      {to !== null && (typed ? <Copyable text={now} label="argument" /> : <code>{now}</code>)}
    </div>
  );
}
