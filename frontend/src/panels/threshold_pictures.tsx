// The run's own pictures that were read back, and how well that went.

import { picturePath } from "../api";
import { Shown } from "../components/picture";
import type { DetailedRun, PictureRead } from "../schema";
import { sentences } from "./sentences";

interface Props {
  run: DetailedRun;
  reads: readonly PictureRead[];
}

/** The picture of F1 itself, where RunLens cannot draw the curve anew. */
export function CurvePicture({ run, reads }: Props) {
  const file = reads.find(({ kind }) => kind === "f1")?.file;
  if (!run.pictures.some(({ id }) => id === file)) return null;
  return (
    <p class="curve-picture">
      <Shown
        src={picturePath(run.name, file as string)}
        alt={`F1 by confidence (${file})`}
        written={run.time.updated}
      />
    </p>
  );
}

export function PicturesRead({ reads }: Pick<Props, "reads">) {
  if (reads.length === 0) return null;
  return (
    <ul class="reads">
      {reads.map((read) => (
        <li key={read.file}>
          <bdi class="path">{read.file}</bdi> {outcome(read)}{" "}
          <span class="muted">{sentences(read.reason)}</span>
        </li>
      ))}
    </ul>
  );
}

const STATUS: Record<PictureRead["status"], string> = {
  exact: "read exactly",
  approximate: "read approximately",
  unreadable: "could not be read",
};

function outcome({ status, value, confidence: at }: PictureRead): string {
  // The digits that its legend has.
  const point = at === null || value === null ? "" : `: ${value.toFixed(2)} at ${at.toFixed(3)}`;
  return `${STATUS[status]}${point}.`;
}
