// The Runs page where it has no rows, not yet or not all.

import { Copyable } from "../../components/copy";
import { count } from "../../format";
import type { Progress, Unreadable } from "../../schema";

export function ScanProgress({ progress: { read, total } }: { progress: Progress }) {
  return (
    <span class="progress" role="status">
      <progress aria-label="Runs read" {...(total ? { value: read, max: total } : {})} />
      {total
        ? `${read} of ${count(total, "run")} read`
        : `${count(read, "run")} read, looking for more`}
    </span>
  );
}

export function Loading() {
  return (
    <div class="skeletons" role="status">
      <span class="unseen">Reading the runs</span>
      {[0, 1, 2, 3, 4, 5, 6, 7].map((row) => (
        <div class="skeleton" key={row} />
      ))}
    </div>
  );
}

const RECORD = `from tensorboard_runlens import track
model = track(YOLO("yolo11n.pt"))
model.train(data="data.yaml", epochs=100)`;

export function Empty({ logdir }: { logdir: string }) {
  return (
    <div class="empty">
      <p>
        No training runs under <bdi>{logdir}</bdi>. Looked for results.csv, results.txt, args.yaml,
        opt.yaml, metrics.json and event files.
      </p>
      <p>
        Runs elsewhere: <Copyable text="tensorboard --logdir PATH_TO_RUNS" label="the command" />
      </p>
      <p>No run yet: three lines train and record one.</p>
      <Copyable text={RECORD} label="the lines" />
    </div>
  );
}

/** Open where there is nothing else to see. */
export function UnreadableFolders({
  folders,
  open,
}: {
  folders: readonly Unreadable[];
  open: boolean;
}) {
  if (folders.length === 0) return null;
  return (
    <details class="unreadable" open={open}>
      <summary>{count(folders.length, "folder")} could not be read as a run</summary>
      <ul>
        {folders.map(({ path, reason }) => (
          <li key={path}>
            <bdi class="path">{path}</bdi> <span class="muted">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}
