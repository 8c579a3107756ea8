// The parts of the digest in the order in which they are shown; times are those of the user's clock.

import type { ComponentChildren } from "preact";
import { AgainstMark } from "../../components/against_mark";
import { StandingMark } from "../../components/standing_mark";
import { EndMark, paceText } from "../../components/state_mark";
import { duration, metric } from "../../format";
import type {
  Died,
  DigestAnswer,
  Finished,
  Idle,
  Improved,
  NextCommand,
  StillRunning,
} from "../../schema";
import { table } from "../../table";
import { metricOf, stateWord } from "../../words";

export interface Line {
  key: string;
  /** Null where it is about none in particular. */
  run: string | null;
  /** When it happened, in seconds since 1970. */
  at?: number | null;
  said: ComponentChildren;
  /** To copy. */
  command?: string | null;
}

export interface Part {
  title: string;
  /** Needs the whole width. */
  wide?: boolean;
  lines: readonly Line[];
}

/** Those that have something to say. Where nothing has happened the headline says it, and there are no others than notes. */
export function partsOf(answer: DigestAnswer): Part[] {
  const { finished, died, improved, running, notes } = answer;
  const quiet = [finished, died, improved, running].every((runs) => runs.length === 0);
  const told = notes.filter((note) => !table.answer.value?.notes.includes(note));
  const parts: Part[] = [
    ...(quiet ? [] : happened(answer)),
    {
      title: "Note",
      lines: told.map((note) => ({ key: note, run: null, said: note })),
      wide: true,
    },
  ];
  return parts.filter(({ lines }) => lines.length > 0);
}

function happened({ finished, died, improved, running, idle, disk, next }: DigestAnswer): Part[] {
  return [
    { title: "Finished", lines: finished.map(finishedLine) },
    { title: "Better", lines: improved.map(improvedLine) },
    { title: "Died", lines: died.map(diedLine), wide: died.some(({ why }) => why) },
    {
      title: "Running",
      lines: running.map(runningLine),
      wide: running.some(({ standing }) => standing),
    },
    { title: "Idle", lines: idle.map(idleLine) },
    { title: "Disk", lines: disk.said ? [{ key: "disk", run: null, said: disk.said }] : [] },
    { title: "Next", lines: next.map(nextLine), wide: true },
  ];
}

function finishedLine({ run, state, at, epochs, planned, seconds, main_metric: main }: Finished) {
  const facts = [
    state === "finished" ? null : stateWord(state),
    `${planned === null ? epochs : `${epochs} of ${planned}`} ${axisOf(run)}s`,
    seconds === null ? null : duration(seconds),
    main && `${metricOf(main.group, main.name)} ${metric(main.value)}`,
  ];
  return { key: run, run, at, said: facts.filter(Boolean).join(" · ") };
}

function diedLine({ run, at, said }: Died) {
  return { key: run, run, at, said };
}

function improvedLine({ run, delta, interval, said }: Improved) {
  const difference = { delta, interval, verdict: "better" as const, reason: said };
  return {
    key: run,
    run,
    said: (
      <>
        <AgainstMark difference={difference} /> {said}
      </>
    ),
  };
}

function runningLine({ run, epoch, planned, per_epoch, ends, standing }: StillRunning) {
  return {
    key: run,
    run,
    said: (
      <>
        {placeOf(run, epoch, planned)}
        <EndMark at={ends} />
        {per_epoch !== null && ` · ${paceText(per_epoch, axisOf(run))}`}
        {standing && (
          <>
            {" · "}
            <StandingMark standing={standing} />
          </>
        )}
      </>
    ),
  };
}

function idleLine({ since, said }: Idle) {
  return { key: String(since), run: null, at: since, said };
}

function nextLine({ run, said, command }: NextCommand) {
  return { key: `${run} ${said}`, run, said, command };
}

/** Epoch 12 of 100, as far as that is known. */
function placeOf(run: string, epoch: number | null, planned: number | null): string {
  if (epoch === null) return `in its first ${axisOf(run)}`;
  return `${axisOf(run)} ${epoch}${planned === null ? "" : ` of ${planned}`}`;
}

function axisOf(run: string) {
  return table.answer.value?.rows.find(({ name }) => name === run)?.axis ?? "epoch";
}
