// Whether a confidence of .8 is right 8 times in 10.

import { describeBins, ReliabilityPlot } from "../charts/reliability_plot";
import { type Column, ItemTable } from "../components/item_table";
import { between, grouped, metric } from "../format";
import type { Calibration } from "../schema";

export function Calibrated({ calibration }: { calibration: Calibration }) {
  const { bins, d_ece, d_ece_interval, la_ece, text } = calibration;
  return (
    <details class="more">
      <summary>Whether confidences can be taken literally</summary>
      <p>{text}</p>
      <div class="calibration">
        {bins.length > 0 && (
          <>
            <ReliabilityPlot bins={bins} summary={`Reliability: ${describeBins(bins)}.`} />
            <ItemTable
              label="Detections by confidence"
              kind="bins"
              columns={COLUMNS}
              items={bins}
              keyOf={({ low }) => low}
            />
          </>
        )}
      </div>
      <p class="muted">
        {d_ece !== null &&
          `D-ECE ${metric(d_ece)}${d_ece_interval ? ` (${between(d_ece_interval, 3)})` : ""}: how far` +
            " confidences are from the share that is right, on average; 0 is perfect. "}
        {la_ece !== null && `LaECE ${metric(la_ece)} asks for the IoU as well.`}
      </p>
    </details>
  );
}

const COLUMNS: readonly Column<Calibration["bins"][number]>[] = [
  { title: "confidence", cell: ({ low, high }) => between([low, high]) },
  { title: "detections", numeric: true, cell: ({ count }) => grouped(count) },
  { title: "right", numeric: true, cell: ({ precision }) => precision.toFixed(2) },
  { title: "95 % interval", numeric: true, cell: ({ interval }) => between(interval) },
];
