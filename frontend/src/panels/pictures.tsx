import { useState } from "preact/hooks";
import { picturePath } from "../api";
import { Large } from "../components/large_picture";
import { Shown } from "../components/picture";
import { grouped } from "../format";
import type { DetailedRun, Picture, ShownImage } from "../schema";
import { capital, spaced } from "../words";
import type { Panel, PanelProps } from "./panel";

export const pictures: Panel = { id: "pictures", place: "details", Content: Pictures };

function Pictures({ run }: PanelProps) {
  const [opened, setOpened] = useState<Picture | null>(null);
  if (run.pictures.length === 0) return null;
  const roles = [...new Set(run.pictures.map(({ role }) => role))];
  const { updated } = run.time;
  return (
    <section class="card wide pictures" aria-labelledby="pictures-title">
      <h2 id="pictures-title">
        Pictures <span class="muted">{run.pictures.length}</span>
      </h2>
      <div class="roles">
        {roles.map((role) => (
          <div key={role}>
            <h3>{ROLES[role]?.title ?? capital(spaced(role))}</h3>
            <Notes sentences={notes(role, run)} />
            <ul class="thumbs">
              {sets(run.pictures.filter((picture) => picture.role === role)).map((set) => (
                <li key={set[0]?.id}>
                  {set.map((picture) => (
                    <Thumb key={picture.id} run={run} picture={picture} open={setOpened} />
                  ))}
                </li>
              ))}
            </ul>
          </div>
        ))}
      </div>
      {opened && (
        <Large title={titleOf(opened)} file={opened.id} close={() => setOpened(null)}>
          <Shown src={picturePath(run.name, opened.id)} alt={altOf(opened)} written={updated} />
        </Large>
      )}
    </section>
  );
}

function Notes({ sentences }: { sentences: readonly string[] }) {
  return sentences.length === 0 ? null : <p class="muted">{sentences.join(" ")}</p>;
}

interface ThumbProps {
  run: DetailedRun;
  picture: Picture;
  open: (picture: Picture) => void;
}

function Thumb({ run, picture, open }: ThumbProps) {
  return (
    <figure>
      <button type="button" class="thumb" onClick={() => open(picture)}>
        <Shown
          src={picturePath(run.name, picture.id)}
          alt={altOf(picture)}
          written={run.time.updated}
        />
      </button>
      <figcaption>
        {titleOf(picture)} <bdi class="path muted">{picture.id}</bdi>
        {picture.shows && <ShownImageText shows={picture.shows} />}
      </figcaption>
    </figure>
  );
}

function ShownImageText({ shows: { image, missed, false: wrong } }: { shows: ShownImage }) {
  return (
    <span class="muted">
      <bdi>{image}</bdi>: {grouped(missed)} missed, {grouped(wrong)} false
    </span>
  );
}

/** How a role is headed, and what to know when looking at its pictures. */
const ROLES: Record<string, { title: string; note?: string }> = {
  plot: { title: "Training", note: "As the program drew it; a dotted line is smoothed." },
  worst: {
    title: "Worst validation images",
    note:
      "Most errors of best.pt first: ground truth in blue, detections in orange. Missed are objects that no" +
      " detection of their class stands for, false are detections that stand for none.",
  },
  curve: { title: "Curves" },
  confusion: { title: "Confusion matrices", note: "Columns are true classes, rows predicted." },
  labels: { title: "Labels", note: "Of the training images, as the program counted them." },
  train_batch: {
    title: "Training batches",
    note: "Training images with augmentation and ground truth, no predictions.",
  },
  val_batch: {
    title: "Validation batches",
    note: "Ground truth (labels) and predictions (pred) on the same images.",
  },
  visualization: { title: "Visualizations", note: "In the order of the iterations." },
};

const WRONG_ANSWERS = "Wrong answers of best.pt, those first that it was surest of.";

const BACKGROUND = "In a normalised matrix the background column adds up to 1 and is no rate.";

function notes(role: string, { task, framework, pictures: all }: DetailedRun): string[] {
  const wrong = role === "worst" && task === "classify";
  const note = wrong ? WRONG_ANSWERS : ROLES[role]?.note;
  const normalised =
    ["yolov5", "yolov7"].includes(framework) || all.some(({ id }) => id.includes("_normalized"));
  const background = role === "confusion" && normalised && task !== "classify";
  return [...(note ? [note] : []), ...(background ? [BACKGROUND] : [])];
}

/** Labels and predictions of the same batch together, every other picture on its own. */
function sets(list: readonly Picture[]): Picture[][] {
  const found = new Map<string, Picture[]>();
  for (const picture of list) {
    const batch = picture.id.replace(BATCH_END, "");
    found.set(batch, [...(found.get(batch) ?? []), picture]);
  }
  return [...found.values()];
}

const BATCH_END = /_(labels|pred)\.\w+$/;

const CURVE = /(Box|Mask|Pose)?(F1|PR|P|R)_curve/;
const CURVES: Record<string, string> = {
  F1: "F1 by confidence",
  P: "Precision by confidence",
  R: "Recall by confidence",
  PR: "Precision by recall",
};

const BATCH = /(?:train|val|test)_batch(\d+)(?:_(labels|pred))?/;
const SIDES: Record<string, string> = { labels: ", ground truth", pred: ", predictions" };

const WORST = /worst_(\d+)/;

const ITERATION = /^iteration_(\d+)/;

/** What a picture shows, as its role and its file name tell. */
function titleOf({ id, role }: Picture): string {
  const curve = CURVE.exec(id);
  if (curve) return [CURVES[curve[2] ?? ""], curve[1]?.toLowerCase()].filter(Boolean).join(", ");
  const batch = BATCH.exec(id);
  if (batch) return `${capital(role.replace("_", " "))} ${batch[1]}${SIDES[batch[2] ?? ""] ?? ""}`;
  if (role === "plot") return id.startsWith("LR") ? "Learning rate" : "Losses and metrics";
  if (role === "worst") return `Worst image ${Number(WORST.exec(id)?.[1])}`;
  const iteration = ITERATION.exec(id);
  if (iteration) return `Iteration ${iteration[1]}`;
  if (role === "confusion") {
    return id.includes("_normalized") ? "Confusion matrix, normalised" : "Confusion matrix";
  }
  return ROLES[role]?.title ?? capital(spaced(role));
}

function altOf(picture: Picture): string {
  return `${titleOf(picture)} (${picture.id})`;
}
