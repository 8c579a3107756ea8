// What the best confidence is best for.

import { useEffect, useRef, useState } from "preact/hooks";
import { Limits } from "../components/limits";
import { go } from "../place";

interface Kind {
  kind: string;
  text: string;
  /** What the objective leaves open: a number for each of these. */
  parameters: readonly Parameter[];
}

interface Parameter {
  label: string;
  usual: number;
  min: number;
  max: number;
  step: number;
}

const part = (label: string, usual: number): Parameter => ({
  label,
  usual,
  min: 0.01,
  max: 0.99,
  step: 0.01,
});
const price = (label: string, usual: number): Parameter => ({
  label,
  usual,
  min: 0.1,
  max: 10_000,
  step: 0.1,
});

const KINDS: readonly Kind[] = [
  { kind: "f1", text: "F1", parameters: [] },
  { kind: "f0.5", text: "F0.5: precision first", parameters: [] },
  { kind: "f2", text: "F2: recall first", parameters: [] },
  { kind: "precision", text: "precision at least", parameters: [part("least precision", 0.95)] },
  { kind: "recall", text: "recall at least", parameters: [part("least recall", 0.9)] },
  {
    kind: "cost",
    text: "least cost",
    parameters: [price("cost of a wrong one", 1), price("cost of a missed one", 5)],
  },
];

/** "precision@0.95" is precision with .95, "cost@1:5" cost with 1 and 5. */
function take(objective: string): { kind: string; values: number[] } {
  const [kind = "", values] = objective.split("@");
  return { kind, values: values?.split(":").map(Number) ?? [] };
}

function put(kind: string, values: readonly number[]): string {
  return values.length > 0 ? `${kind}@${values.join(":")}` : kind;
}

function replaced(
  parameters: readonly Parameter[],
  values: readonly number[],
  nth: number,
  value: number,
): number[] {
  return parameters.map(({ usual }, index) => (index === nth ? value : (values[index] ?? usual)));
}

const choose = (objective: string) => go({ objective, conf: null }, "replace");

export function ObjectiveChoice({ chosen }: { chosen: string }) {
  const { kind, values } = take(chosen);
  const known = KINDS.find((one) => one.kind === kind);
  const chooseKind = (next: string) => {
    const usual = KINDS.find((one) => one.kind === next)?.parameters.map((one) => one.usual);
    choose(put(next, usual ?? []));
  };
  return (
    <span class="objective">
      <label>
        Best for{" "}
        <select value={kind} onChange={({ currentTarget }) => chooseKind(currentTarget.value)}>
          {!known && <option value={kind}>{chosen}</option>}
          {KINDS.map(({ kind, text }) => (
            <option key={kind} value={kind}>
              {text}
            </option>
          ))}
        </select>
      </label>
      {known?.parameters.map((parameter, nth) => (
        <ParameterInput
          key={`${kind} ${nth}`}
          parameter={parameter}
          value={values[nth] ?? parameter.usual}
          set={(value) => choose(put(kind, replaced(known.parameters, values, nth, value)))}
        />
      ))}
    </span>
  );
}

interface InputProps {
  parameter: Parameter;
  value: number;
  set: (value: number) => void;
}

/** Takes effect when it is complete: a number half typed is no objective. */
function ParameterInput({ parameter: { label, min, max, step }, value, set }: InputProps) {
  const [refused, setRefused] = useState(false);
  const box = useRef<HTMLInputElement>(null);
  // Not bound to it: an answer that arrives must not take away what is being typed.
  useEffect(() => {
    if (box.current) box.current.value = String(value);
  }, [value]);
  const take = (input: HTMLInputElement) => {
    const { valueAsNumber } = input;
    const fits = valueAsNumber >= min && valueAsNumber <= max;
    setRefused(!fits);
    if (fits) set(valueAsNumber);
  };
  return (
    <>
      <input
        ref={box}
        type="number"
        class="parameter"
        aria-label={label}
        aria-invalid={refused}
        title={label}
        min={min}
        max={max}
        step={step}
        defaultValue={String(value)}
        onChange={({ currentTarget }) => take(currentTarget)}
      />
      {refused && <Limits min={min} max={max} />}
    </>
  );
}
