// A run of which no curve is known: one point read from a picture or a table, or nothing.

import { confidence, metric } from "../format";
import type { DetailedRun, OperatingPoint, ThresholdAnswer } from "../schema";
import { sentences, unsaid, validatedText } from "./sentences";
import { Deployment } from "./threshold_deploy";
import { Ways, waysToMore } from "./threshold_evidence";
import { CurvePicture, PicturesRead } from "./threshold_pictures";

interface Props {
  run: DetailedRun;
  answer: ThresholdAnswer;
}

export function WithoutCurves({ run, answer }: Props) {
  const { operating_point, reason, sure, validated, pictures, deploy } = answer;
  return (
    <>
      <Point point={operating_point} />
      <p class="muted">{sentences(validatedText(validated), unsaid(reason, sure), sure)}</p>
      <CurvePicture run={run} reads={pictures} />
      <PicturesRead reads={pictures} />
      {deploy && <Deployment run={run} answer={answer} />}
      <Ways ways={waysToMore(run)} />
    </>
  );
}

function Point({ point }: { point: OperatingPoint }) {
  const known = (["f1", "precision", "recall"] as const).filter((name) => point[name] !== null);
  const numbers = known.map((name) => `${WORDS[name]} ${metric(point[name])}`).join(", ");
  if (point.confidence === null) {
    return <p>The confidence to deploy with is not known{numbers && `; at it: ${numbers}`}.</p>;
  }
  return (
    <p>
      <b class="best-confidence">★ {confidence(point.confidence)}</b>
      {point.status === "approximate" && " approximately"}
      {numbers && `: ${numbers}`}.
    </p>
  );
}

const WORDS = { f1: "F1", precision: "precision", recall: "recall" };
