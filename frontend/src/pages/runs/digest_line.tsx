import { Copyable } from "../../components/copy";
import { ClockTime } from "../../components/facts";
import { RunLink } from "../../components/run_link";
import type { Line } from "./digest_parts";

interface Props {
  line: Line;
  logdir: string;
}

export function DigestLine({ line: { run, at = null, said, command = null }, logdir }: Props) {
  return (
    <li>
      {at !== null && (
        <span class="muted">
          <ClockTime at={at} />
        </span>
      )}
      {run !== null && <RunLink name={run} logdir={logdir} />}
      <span class="digest-said">{said}</span>
      {command !== null && <Copyable text={command} label="command" />}
    </li>
  );
}
