// The run that the others are held against: this browser's own choice, else that of runlens.yaml.

import { useEffect, useMemo } from "preact/hooks";
import { againstPath } from "../../api";
import { announce } from "../../components/announcements";
import { Copyable } from "../../components/copy";
import { RunName } from "../../components/facts";
import { PartTrouble } from "../../components/trouble";
import { pins } from "../../kept";
import { Poll } from "../../poll";
import type { Against, AgainstAnswer, TableAnswer } from "../../schema";

/** The baseline by name; null where none is set, or the one that is set is no run of the logdir. */
export function baselineOf({ logdir, baseline, rows }: TableAnswer): string | null {
  const wanted = pins.value[logdir] ?? baseline;
  return rows.some(({ name }) => name === wanted) ? wanted : null;
}

/** What this browser chose, "" for no baseline; undefined where it follows runlens.yaml, or that run is gone. */
export function pinOf({ logdir, rows }: TableAnswer): string | undefined {
  const pin = pins.value[logdir];
  return pin === "" || rows.some(({ name }) => name === pin) ? pin : undefined;
}

/** Pins a run; the one that is pinned is let go. No name stands for a baseline that is not wanted. */
export function setBaseline(answer: TableAnswer, name: string): void {
  const next = name === baselineOf(answer) ? "" : name;
  pins.value = { ...pins.value, [answer.logdir]: next };
  announce(next ? `Baseline: ${name}` : "No baseline");
}

export type Differences = ReadonlyMap<string, Against>;
const NONE: Differences = new Map();

/** Every other run against the baseline; nothing is asked where there is none. */
export function useAgainst(baseline: string | null) {
  const poll = useMemo(
    () => (baseline === null ? null : new Poll<AgainstAnswer>(againstPath(baseline))),
    [baseline],
  );
  useEffect(() => poll?.start(), [poll]);
  const runs = poll?.answer.value?.runs;
  const differences = useMemo(
    () => (runs ? new Map(runs.map((one) => [one.run, one])) : NONE),
    [runs],
  );
  return { poll, differences };
}

interface Props {
  answer: TableAnswer;
  baseline: string;
  poll: Poll<AgainstAnswer> | null;
}

/** Which run is the baseline, and the line that makes it everybody's. */
export function BaselineNote({ answer, baseline, poll }: Props) {
  return (
    <>
      <p class="notice info">
        <span>
          Baseline: <RunName name={baseline} logdir={answer.logdir} />
        </span>
        {baseline === answer.baseline ? (
          <span class="muted">set in runlens.yaml</span>
        ) : (
          <span class="muted">
            kept in this browser; for everybody, in runlens.yaml:{" "}
            <Copyable text={`baseline: ${JSON.stringify(baseline)}`} label="the line" />
          </span>
        )}
        <button type="button" onClick={() => setBaseline(answer, baseline)}>
          Unset
        </button>
      </p>
      {poll && <PartTrouble poll={poll} />}
    </>
  );
}
