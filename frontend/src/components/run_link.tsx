import { openRun } from "../place";
import { RunName } from "./facts";

/** Leads to the page of another run. */
export function RunLink({ name, logdir }: { name: string; logdir?: string }) {
  return (
    <button type="button" class="link" onClick={() => openRun(name)}>
      <RunName name={name} logdir={logdir} />
    </button>
  );
}
