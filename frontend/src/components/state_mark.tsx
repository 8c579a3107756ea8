// How a training stands, and how it goes on.

import type { ComponentChildren } from "preact";
import { duration } from "../format";
import type { Run } from "../schema";
import { endingWord, goesOn, RUNNING, stateWord } from "../words";
import { Age, ClockTime } from "./facts";
import { Shape } from "./shape";

interface StateProps {
  state: Run["state"];
  updated: number | null;
  /** Why it broke off, null where it did not or nothing tells. */
  ended: string | null;
  /** How far it has come. */
  children?: ComponentChildren;
}

/** How the training stands: why it broke off, and the last sign of life while it may still go on. */
export function StateMark({ state, updated, ended, children }: StateProps) {
  const word = ended ? `${stateWord(state)}: ${endingWord(ended)}` : stateWord(state);
  if (!goesOn(state)) return <>{word}</>;
  return (
    <span class={`badge ${state}`}>
      <Shape>{RUNNING.shape}</Shape>
      {word}
      {children}
      {updated !== null && <SignOfLife state={state} at={updated} />}
    </span>
  );
}

function SignOfLife({ state, at }: { state: Run["state"]; at: number }) {
  if (state === "running") {
    return (
      <>
        {" · "}
        <Age at={at} />
      </>
    );
  }
  return (
    <>
      {" · silent since "}
      <ClockTime at={at} />
    </>
  );
}

/** By the plan, in seconds since 1970; nothing where that is not known. */
export function EndMark({ at }: { at: number | null }) {
  if (at === null) return null;
  return (
    <>
      {", ends "}
      <ClockTime at={at} />
    </>
  );
}

/** When the plan will be done, in seconds since 1970: the seconds that are left count from the newest file. */
export function plannedEnd(updated: number | null, left: number | null): number | null {
  return updated === null || left === null ? null : updated + left;
}

/** 31s an epoch; null where that is not known. */
export function paceText(seconds: number | null, axis: Run["axis"]): string | null {
  return seconds === null ? null : `${duration(seconds)} an ${axis}`;
}
