// Why a finding is made: what to do about it, its numbers, and its rule in its own words.

import { rulePath } from "../api";
import { Copyable } from "../components/copy";
import { Fact } from "../components/fact";
import { TroubleBanner } from "../components/trouble";
import { MISSING, number } from "../format";
import type { Finding, RuleAnswer, RuleLimit } from "../schema";
import { usePoll } from "../use_poll";
import { spaced } from "../words";
import { AdviceText } from "./advice";

/** Limits change when somebody edits runlens.yaml. */
const PERIOD_MS = 60_000;
const period = () => PERIOD_MS;

export function Why({ finding, axis }: { finding: Finding; axis: string }) {
  const { rule, evidence, span, advice } = finding;
  const poll = usePoll<RuleAnswer>(rulePath(rule), period);
  const told = poll.answer.value;
  return (
    <div class="why">
      {advice.length > 0 && (
        <ul class="advice">
          {advice.map((item) => (
            <li key={item.key}>
              <AdviceText advice={item} />
            </li>
          ))}
        </ul>
      )}
      <h4>Inputs</h4>
      <dl>
        {span && <Fact name={`${axis}s shown`} value={[...new Set(span)].join("–")} />}
        {Object.entries(evidence).map(([name, value]) => (
          <Fact key={name} name={spaced(name)} value={evidenceText(value)} />
        ))}
      </dl>
      <TroubleBanner poll={poll} />
      {told ? <Rule told={told} /> : <div class="skeleton" />}
    </div>
  );
}

function Rule({ told }: { told: RuleAnswer }) {
  const { title, says, why, decides, source, limits, change } = told;
  return (
    <>
      <h4>{title}</h4>
      <p>{marked(says)}</p>
      <p>{marked(why)}</p>
      <h4>How it decides</h4>
      <p>{marked(decides)}</p>
      <p class="muted">Source: {marked(source)}</p>
      {limits.length > 0 && <Limits limits={limits} />}
      <p>{limits.length > 0 ? "To change a limit" : "To switch it off"}, in runlens.yaml:</p>
      <Copyable text={change} label="lines" />
    </>
  );
}

function Limits({ limits }: { limits: readonly RuleLimit[] }) {
  return (
    <>
      <h4>Limits</h4>
      <ul>
        {limits.map(({ name, value, default: usual, why }) => (
          <li key={name}>
            <code>
              {name}: {number(value)}
            </code>{" "}
            {value !== usual && <b>yours; {number(usual)} by default. </b>}
            {marked(why)}
          </li>
        ))}
      </ul>
    </>
  );
}

/** Rules write names of arguments between backquotes. */
function marked(text: string) {
  return text.split(/`+/).map((part, index) => (index % 2 ? <code key={part}>{part}</code> : part));
}

function evidenceText(value: Finding["evidence"][string]): string {
  if (value === null || typeof value === "number") return number(value);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string") return value;
  const items = value.map((item) => (typeof item === "number" ? number(item) : item));
  return items.join(", ") || MISSING;
}
