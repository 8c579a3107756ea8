// Whether a confidence of .8 is right 8 times in 10.

import { describeBins, ReliabilityPlot } from "../charts/reliability_plot";
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
            <Bins calibration={calibration} />
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

function Bins({ calibration: { bins } }: { calibration: Calibration }) {
  return (
    <table class="numbers bins">
      <thead>
        <tr>
          <th scope="col">confidence</th>
          <th scope="col" class="numeric">
            detections
          </th>
          <th scope="col" class="numeric">
            right
          </th>
          <th scope="col" class="numeric">
            95 % interval
          </th>
        </tr>
      </thead>
      <tbody>
        {bins.map(({ low, high, count, precision, interval }) => (
          <tr key={low}>
            <th scope="row">{between([low, high])}</th>
            <td class="numeric">{grouped(count)}</td>
            <td class="numeric">{precision.toFixed(2)}</td>
            <td class="numeric">{between(interval)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
