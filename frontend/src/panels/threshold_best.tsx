// What the best confidence is, before the chart, and what else is known of it, after the chart.

import type { ComponentChildren } from "preact";
import { Fact } from "../components/fact";
import { between, confidence, metric } from "../format";
import type { OperatingPoint, Passing, ThresholdAnswer } from "../schema";
import { sentences, unsaid, validatedText } from "./sentences";
import { passingText } from "./sweep";

export function Best({ answer }: { answer: ThresholdAnswer }) {
  const { at, objective_text, reason, sure, validated, cut } = answer;
  const hidden = cut === null ? "" : cutText(cut);
  return (
    <>
      {at ? (
        <p>
          <b class="best-confidence">★ {confidence(at.confidence)}</b> is the confidence with{" "}
          {objective_text}: {passingText(at)}.
        </p>
      ) : (
        <p>{sentences(reason)}</p>
      )}
      <p class="muted">
        {sentences(
          validatedText(validated),
          at ? unsaid(reason, sure, hidden) : "",
          hidden,
          meansText(answer),
        )}
      </p>
      <Legend point={answer.operating_point} />
    </>
  );
}

function cutText(cut: number): string {
  return `Nothing below conf=${cut} was validated: the curves say nothing there, and the best may be there`;
}

/** Why a precision need not be that of the counts beside it. */
function meansText({ classes, objective, sweep }: ThresholdAnswer): string {
  if (classes.length < 2) return "";
  const means = "F1, precision and recall are means over the classes";
  if (sweep?.found == null) return `${means} (precision 1 where nothing of a class passes)`;
  const asked = objective.startsWith("f") ? "" : ", and so is what is asked for";
  return `${means}; counts are of all classes together${asked}`;
}

/** What the bar and the shade in the chart are. */
function Legend({ point: { interval, plateau } }: { point: OperatingPoint }) {
  if (!interval && !plateau) return null;
  return (
    <ul class="legend muted">
      {interval && (
        <li>
          <i class="key interval-key" aria-hidden="true" /> 95 % interval of the best:{" "}
          {between(interval)}
        </li>
      )}
      {plateau && (
        <li>
          <i class="key plateau-key" aria-hidden="true" /> {between(plateau)} is as good as the
          best: no difference could be shown
        </li>
      )}
    </ul>
  );
}

interface KnownProps {
  answer: ThresholdAnswer;
  choose: (confidence: number) => void;
}

export function Known({ answer, choose }: KnownProps) {
  const { usual, knee, sure, tested } = answer;
  const facts: [string, ComponentChildren][] = [];
  if (usual) facts.push(["Default", <Passed key="usual" passing={usual} choose={choose} />]);
  if (knee) facts.push(["Precision's knee", <Knee key="knee" knee={knee} choose={choose} />]);
  const unseen = newImages(answer);
  if (unseen) facts.push(["On new images", unseen]);
  if (tested) facts.push(["On the test split", sentences(tested.text)]);
  if (sure) facts.push(["How sure", sentences(sure)]);
  return (
    <dl class="listed">
      {facts.map(([name, value]) => (
        <Fact key={name} name={name} value={value} />
      ))}
    </dl>
  );
}

function Passed({ passing, choose }: { passing: Passing; choose: KnownProps["choose"] }) {
  return (
    <>
      <button
        type="button"
        class="link"
        aria-label={`Move the slider to ${confidence(passing.confidence)}`}
        onClick={() => choose(passing.confidence)}
      >
        {confidence(passing.confidence)}
      </button>{" "}
      {passingText(passing)}
    </>
  );
}

function Knee({ knee, choose }: { knee: Passing; choose: KnownProps["choose"] }) {
  return (
    <>
      <Passed passing={knee} choose={choose} />{" "}
      <span class="muted">(above it precision rises more slowly)</span>
    </>
  );
}

/** A maximum is chosen where luck was good. */
function newImages(answer: ThresholdAnswer): string {
  const { value, value_interval, expected, optimism, objective } = answer;
  // Only of F-beta is the value a number that people know.
  if (value === null || !objective.startsWith("f")) return "";
  const name = objective.toUpperCase();
  return sentences(
    optimism !== null && metric(expected) !== metric(value)
      ? `expect ${name} ${metric(expected)} rather than ${metric(value)}: the best is chosen where luck was good`
      : "",
    value_interval ? `95 % interval of ${name}: ${between(value_interval, 3)}` : "",
  );
}
