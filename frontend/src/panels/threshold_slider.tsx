// The slider under the chart, the same as a number to type, and what passes there.

import { type ReadonlySignal, useComputed } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { Limits } from "../components/limits";
import { confidence, metric } from "../format";
import type { Passing } from "../schema";
import { countsText, passingText } from "./sweep";
import { LINES, type MetricName } from "./threshold_picture";

const STEP = 0.01;

interface Props {
  passing: ReadonlySignal<Passing | null>;
  at: ReadonlySignal<number>;
  choose: (confidence: number) => void;
  children?: ComponentChildren;
}

/** What moves is signals: a movement writes texts, and renders nothing anew. */
export function Slider({ passing, at, choose, children }: Props) {
  return (
    <>
      <Range passing={passing} at={at} choose={choose} />
      <div class="readout">
        <span>
          At confidence <Typed at={at} choose={choose} />
        </span>
        {LINES.map(({ name, word, color }) => (
          <span key={name} style={{ color: `var(--${color})` }}>
            {word} <Value passing={passing} name={name} />
          </span>
        ))}
        <Counted passing={passing} />
        <span class="card-tools">{children}</span>
      </div>
    </>
  );
}

function Range({ passing, at, choose }: Omit<Props, "children">) {
  const spoken = useComputed(() => {
    const { value } = passing;
    return value ? `${confidence(at.value)}: ${passingText(value)}` : confidence(at.value);
  });
  return (
    <input
      type="range"
      aria-label="Confidence"
      aria-valuetext={spoken}
      min={0}
      max={1}
      step={STEP}
      value={at}
      onInput={({ currentTarget }) => choose(currentTarget.valueAsNumber)}
    />
  );
}

/** Takes effect when it is complete; what is no confidence is put back, and it is said what would be one. */
function Typed({ at, choose }: Pick<Props, "at" | "choose">) {
  const [refused, setRefused] = useState(false);
  const text = useComputed(() => confidence(at.value));
  const take = (input: HTMLInputElement) => {
    const { valueAsNumber } = input;
    const fits = valueAsNumber >= 0 && valueAsNumber <= 1;
    setRefused(!fits);
    if (fits) choose(valueAsNumber);
    input.value = text.peek();
  };
  return (
    <>
      <input
        type="number"
        class="typed"
        aria-label="Confidence, typed"
        min={0}
        max={1}
        step={STEP}
        value={text}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      {refused && <Limits min={0} max={1} />}
    </>
  );
}

function Value({ passing, name }: { passing: Props["passing"]; name: MetricName }) {
  const text = useComputed(() => metric(passing.value?.[name]));
  return <>{text}</>;
}

function Counted({ passing }: { passing: Props["passing"] }) {
  const text = useComputed(() => (passing.value ? countsText(passing.value) : ""));
  return <span>{text}</span>;
}
