// What to take along: lines to copy, a file to deploy, a sentence to send, the numbers.

import { Copyable } from "../components/copy";
import { Download } from "../components/download";
import { confidence } from "../format";
import type { Deploy, DetailedRun, ThresholdAnswer } from "../schema";
import { sweepCsv } from "./sweep";

export function Deployment({ run, answer }: { run: DetailedRun; answer: ThresholdAnswer }) {
  const { deploy, sweep } = answer;
  return (
    <section aria-labelledby="deploy-title" class="deploy">
      <h3 id="deploy-title">Take it along</h3>
      {deploy && <Texts deploy={deploy} />}
      <p class="actions">
        {deploy && (
          <Download name={`${run.name}-threshold.yaml`} text={() => deploy.file_text}>
            Download deploy file
          </Download>
        )}
        {sweep && (
          <Download name={`${run.name}-sweep.csv`} text={() => sweepCsv(sweep)}>
            Download curves as CSV
          </Download>
        )}
      </p>
    </section>
  );
}

function Texts({ deploy: { python, commands, yaml, customer, file } }: { deploy: Deploy }) {
  const own = Object.keys(file.classes).length;
  const lines: [string, string][] = [
    ...(python === null ? [] : ([["Python", python]] as [string, string][])),
    ...commands.map((command): [string, string] => ["Command line", command]),
    ...(yaml === null ? [] : ([["YAML", yaml]] as [string, string][])),
    ["For a customer", customer],
  ];
  return (
    <>
      <p class="muted">
        With the best confidence, {confidence(file.confidence)}, wherever the slider is.
        {own > 0 &&
          ` Thresholds of single classes (${own}) are in the deploy file${python === null ? "" : " and the Python lines"} only.`}
      </p>
      <dl class="listed">
        {lines.map(([name, text]) => (
          <div key={text}>
            <dt>{name}</dt>
            <dd>
              <Copyable text={text} label={name} />
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}
