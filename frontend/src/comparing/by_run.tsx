import type { ComponentChildren } from "preact";
import { DotKey } from "../charts/dots";
import { Missing } from "../components/facts";
import { Scroll } from "../components/scroll";
import { openRun } from "../place";
import type { Contender } from "./contender";

export interface Row {
  key: string;
  title: ComponentChildren;
  /** One a run, null where there is nothing. */
  cells: readonly ComponentChildren[];
  /** Runs do not agree. */
  differs?: boolean;
}

interface Props {
  label: string;
  all: readonly Contender[];
  rows: readonly Row[];
  /** What the first column holds. */
  head: string;
  /** Stands in the first column under the head. */
  children?: ComponentChildren;
}

/** A column a run. */
export function ByRun({ label, all, rows, head, children }: Props) {
  return (
    <Scroll label={label}>
      <table class="numbers by-run">
        <thead>
          <tr>
            <th scope="col">
              {head}
              {children}
            </th>
            {all.map((one, index) => (
              <th scope="col" key={one.name}>
                <RunKey one={one} index={index} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, title, cells, differs }) => (
            <tr key={key} class={differs ? "differs" : undefined}>
              <th scope="row">{title}</th>
              {cells.map((cell, index) => (
                <td key={all[index]?.name}>{cell ?? <Missing />}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** A run's name beside the sign it is drawn with. */
function RunKey({ one, index }: { one: Contender; index: number }) {
  return (
    <span class="run-key">
      <DotKey row={index} color={one.color} />
      <button type="button" class="link" title={one.name} onClick={() => openRun(one.name)}>
        <bdi>{one.short}</bdi>
      </button>
      {index === 0 && <span class="muted">baseline</span>}
    </span>
  );
}
