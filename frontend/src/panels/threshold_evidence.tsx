// How a run gets what it lacks: detections with their confidences.

import { Copyable } from "../components/copy";
import type { DetailedRun } from "../schema";

export interface Way {
  text: string;
  line: string;
}

/** None where the run has recorded what it can, and no checkpoint is left to validate. */
export function waysToMore({ name, framework, weights, recorded }: DetailedRun): Way[] {
  const own = framework === "ultralytics";
  const ways: Way[] = [];
  if (own && weights.use !== null) {
    ways.push({
      text: "In the logdir, this validates best.pt again and counts everything:",
      line: `runlens evaluate ${quoted(name)}`,
    });
  }
  if (!recorded) ways.push(own ? TRACK : RECORDER);
  return ways;
}

const TRACK: Way = {
  text: "One line before the next model.train() records it:",
  line: "from tensorboard_runlens import track; track(model)",
};
const RECORDER: Way = {
  text: "In any training loop Recorder records it:",
  line: "from tensorboard_runlens import Recorder",
};

export function Ways({ ways }: { ways: readonly Way[] }) {
  return (
    <>
      {ways.map(({ text, line }) => (
        <p class="hint" key={line}>
          {text} <Copyable text={line} label="line" />
        </p>
      ))}
    </>
  );
}

/** A name as one word of a command line, whatever characters a stranger gave it. */
function quoted(name: string): string {
  const path = name.startsWith("-") ? `./${name}` : name;
  return /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replace(/'/g, "'\\''")}'`;
}
