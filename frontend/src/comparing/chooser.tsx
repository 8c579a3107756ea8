import { useEffect, useState } from "preact/hooks";
import { RunName } from "../components/facts";
import { embedded } from "../embedded";
import { openComparison, openRun } from "../place";
import { table } from "../table";
import { MOST } from "./contender";

/** The runs that are compared: another baseline, one more, one less. */
export function Chooser({ names }: { names: readonly string[] }) {
  const [wanted, setWanted] = useState("");
  useEffect(() => table.start(), []);
  const others = (table.answer.value?.rows ?? [])
    .map(({ name }) => name)
    .filter((name) => !names.includes(name));
  const add = (name: string) => {
    setWanted(name);
    if (!others.includes(name)) return;
    setWanted("");
    openComparison([...names, name]);
  };
  const without = (name: string) => {
    const left = names.filter((other) => other !== name);
    if (left.length > 1) openComparison(left);
    else openRun(left[0] ?? name);
  };
  return (
    <section class="card chosen-runs" aria-label="Runs compared">
      <ul>
        {names.map((name, index) => (
          <li key={name}>
            <RunName name={name} />
            {index === 0 ? (
              <span class="badge">baseline</span>
            ) : embedded ? null : (
              <button
                type="button"
                class="quiet"
                onClick={() => openComparison([name, ...names.filter((other) => other !== name)])}
              >
                Make baseline
              </button>
            )}
            {!embedded && (
              <button type="button" class="quiet" onClick={() => without(name)}>
                Remove
              </button>
            )}
          </li>
        ))}
      </ul>
      {!embedded && names.length < MOST && others.length > 0 && (
        <label>
          Add a run{" "}
          <input
            type="search"
            list="other-runs"
            value={wanted}
            onInput={({ currentTarget }) => add(currentTarget.value)}
          />
          <datalist id="other-runs">
            {others.slice(0, LISTED).map((name) => (
              <option key={name} value={name} />
            ))}
          </datalist>
        </label>
      )}
    </section>
  );
}

/** A list of more is drawn for seconds and read by nobody; any name can be typed. */
const LISTED = 200;
