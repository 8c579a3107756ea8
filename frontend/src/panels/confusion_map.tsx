// The heat map: true classes across, predicted ones down, and as bars at its edges what is missed and what is seen
// where nothing is. One cell is a tab stop, arrow keys go to the others.

import { type Signal, useSignal } from "@preact/signals";
import { useState } from "preact/hooks";
import { CellButton } from "./confusion_cell";
import { errorsOf, type Matrix, share, type Unit } from "./confusion_matrix";
import { cellNumber, cellText } from "./confusion_words";

/** More classes than this are not read at a glance. */
const MANY = 30;
/** So many are shown of them. */
const WORST = 20;

const HINT = "Point at a number, or go to it with tab and arrow keys, to have it as a sentence.";

interface Props {
  matrix: Matrix;
  unit: Unit;
}

interface At {
  predicted: number;
  truth: number;
}

export function ConfusionMap({ matrix, unit }: Props) {
  const [search, setSearch] = useState("");
  const said = useSignal<At | null>(null);
  const many = matrix.names.length > MANY;
  const shown = many ? selected(matrix, search) : matrix.names.map((_, index) => index);
  return (
    <div class="heat">
      {many && (
        <Search search={search} set={setSearch} all={matrix.names.length} shown={shown.length} />
      )}
      <div class="heat-box">
        <span class="axis" aria-hidden="true">
          true class
        </span>
        <table>
          <caption class="unseen">
            Confusion matrix: true classes across, predicted classes down
          </caption>
          <Head matrix={matrix} shown={shown} />
          <tbody>
            {shown.map((predicted, nth) => (
              <tr key={predicted}>
                <th scope="row" title={matrix.names[predicted]}>
                  <bdi>{matrix.names[predicted]}</bdi>
                </th>
                {shown.map((truth, column) => (
                  <Cell
                    key={truth}
                    matrix={matrix}
                    predicted={predicted}
                    truth={truth}
                    unit={unit}
                    said={said}
                    stop={nth === 0 && column === 0}
                  />
                ))}
                <FalsePositives
                  matrix={matrix}
                  shown={shown}
                  predicted={predicted}
                  unit={unit}
                  said={said}
                />
              </tr>
            ))}
          </tbody>
          <Missed matrix={matrix} shown={shown} unit={unit} said={said} />
        </table>
      </div>
      <Said matrix={matrix} unit={unit} said={said} />
      <p class="muted">{legend(matrix, unit)}</p>
    </div>
  );
}

/** The cell that was pointed at last, in the numbers that stand in it now. */
function Said({ matrix, unit, said }: Props & { said: Signal<At | null> }) {
  const { value } = said;
  const sentence = value && cellText(matrix, value.predicted, value.truth, unit);
  return <p class="cell-sentence">{sentence ?? HINT}</p>;
}

function legend({ counted }: Matrix, unit: Unit): string {
  const whole = unit === "predicted" ? "what was predicted as the class" : "the true class";
  const numbers = counted
    ? ""
    : " Numbers are shares of the true class, those of false positives shares of all false positives.";
  return `Columns are true classes, rows predicted. The stronger the colour, the more of ${whole}.${numbers}`;
}

/** Those with the most errors; or those that are searched for, with what they are taken for. */
function selected(matrix: Matrix, search: string): number[] {
  const all = matrix.names.map((_, index) => index);
  const wanted = search.trim().toLowerCase();
  const errors = new Map(all.map((index) => [index, errorsOf(matrix, index)]));
  const worst = all.sort((a, b) => (errors.get(b) ?? 0) - (errors.get(a) ?? 0));
  if (!wanted) return worst.slice(0, WORST);
  const found = worst.filter((index) => matrix.names[index]?.toLowerCase().includes(wanted));
  const confused = worst.filter((index) =>
    found.some((one) => matrix.cell(one, index) + matrix.cell(index, one) > 0),
  );
  return [...new Set([...found, ...confused])].slice(0, WORST);
}

interface SearchProps {
  search: string;
  set: (search: string) => void;
  all: number;
  shown: number;
}

function Search({ search, set, all, shown }: SearchProps) {
  return (
    <p class="line">
      <input
        type="search"
        aria-label="Search classes"
        placeholder="Search classes"
        value={search}
        onInput={({ currentTarget }) => set(currentTarget.value)}
      />
      <span class="muted">
        {search.trim() ? foundText(shown) : `The ${WORST} of ${all} classes with the most errors`}
      </span>
    </p>
  );
}

function foundText(shown: number): string {
  if (shown === 0) return "No class has this in its name";
  const limit = shown === WORST ? `: the ${WORST} with the most errors` : "";
  return `and what they are taken for${limit}`;
}

function Head({ matrix, shown }: { matrix: Matrix; shown: readonly number[] }) {
  return (
    <thead>
      <tr>
        <td class="axis">predicted</td>
        {shown.map((truth) => (
          <th scope="col" class="upright" key={truth} title={matrix.names[truth]}>
            <bdi>{matrix.names[truth]}</bdi>
          </th>
        ))}
        {matrix.background !== null && (
          <th scope="col" class="false-title">
            false positives
          </th>
        )}
      </tr>
    </thead>
  );
}

interface CellProps extends Props {
  said: Signal<At | null>;
  predicted: number;
  truth: number;
  stop: boolean;
}

function Cell({ matrix, predicted, truth, unit, said, stop }: CellProps) {
  const part = share(matrix, predicted, truth, unit === "predicted" ? "predicted" : "true");
  return (
    <td
      class={predicted === truth ? "shaded right" : "shaded"}
      style={{ "--share": Math.sqrt(part).toFixed(3) }}
    >
      <CellButton
        sentence={cellText(matrix, predicted, truth, unit)}
        say={() => {
          said.value = { predicted, truth };
        }}
        stop={stop}
      >
        {cellNumber(matrix, predicted, truth, unit)}
      </CellButton>
    </td>
  );
}

interface MarginProps extends Props {
  said: Signal<At | null>;
  shown: readonly number[];
}

function FalsePositives({
  matrix,
  shown,
  predicted,
  unit,
  said,
}: MarginProps & { predicted: number }) {
  const { background } = matrix;
  if (background === null) return null;
  const most = Math.max(1e-9, ...shown.map((one) => matrix.cell(one, background)));
  const width = Math.round((LONGEST_BAR * matrix.cell(predicted, background)) / most);
  return (
    <td class="false">
      <CellButton
        sentence={cellText(matrix, predicted, background, unit)}
        say={() => {
          said.value = { predicted, truth: background };
        }}
      >
        <i class="across" style={{ width: `${width}px` }} />
        {cellNumber(matrix, predicted, background, unit === "predicted" ? unit : "count")}
      </CellButton>
    </td>
  );
}

/** Pixels. */
const LONGEST_BAR = 40;
const HIGHEST_BAR = 40;

function Missed({ matrix, shown, unit, said }: MarginProps) {
  const { background } = matrix;
  if (background === null) return null;
  const height = (truth: number) =>
    Math.round(HIGHEST_BAR * share(matrix, background, truth, "true"));
  return (
    <tfoot>
      <tr class="missed">
        <th scope="row">missed</th>
        {shown.map((truth) => (
          <td key={truth}>
            <CellButton
              sentence={cellText(matrix, background, truth, "true")}
              say={() => {
                said.value = { predicted: background, truth };
              }}
            >
              <i class="upwards" style={{ height: `${height(truth)}px` }} />
              {cellNumber(matrix, background, truth, unit === "true" ? unit : "count")}
            </CellButton>
          </td>
        ))}
      </tr>
    </tfoot>
  );
}
