import { useEffect, useRef, useState } from "preact/hooks";
import { announce } from "../components/announcements";
import { Card } from "../components/card";
import { CopyButton } from "../components/copy";
import { LevelMark } from "../components/verdict";
import { muted } from "../kept";
import type { DetailedRun, FailedRule, Finding } from "../schema";
import { type KeyedFinding, keyed, type View } from "../view";
import { confidenceWord, ruleWord } from "../words";
import { fixOf } from "./advice";
import { show } from "./evidence";
import { Why } from "./findings_why";
import type { Panel, PanelProps } from "./panel";

export const findings: Panel = { id: "findings", place: "side", Content: Findings };

function Findings({ run, view }: PanelProps) {
  useNews(run.findings);
  const all = keyed(run.findings);
  const quiet = all.filter(({ finding }) => muted.value.includes(finding.rule));
  return (
    <Card id="findings" title="Findings" note={all.length - quiet.length}>
      {all.length === 0 && <p class="muted">No rule has found anything to report.</p>}
      <ul class="findings">
        {all
          .filter((one) => !quiet.includes(one))
          .map(({ key, finding }) => (
            <FindingItem key={key} id={key} finding={finding} run={run} view={view} />
          ))}
      </ul>
      <Muted findings={quiet} />
      <FailedRules rules={run.failed_rules} />
    </Card>
  );
}

/** Says aloud what a running training has added to the list. */
function useNews(list: readonly Finding[]): void {
  const known = useRef<Set<string> | null>(null);
  useEffect(() => {
    const before = known.current;
    const now = keyed(list);
    known.current = new Set(now.map(({ key }) => key));
    const news = before ? now.filter(({ key }) => !before.has(key)) : [];
    if (news.length === 0) return;
    announce(`New finding: ${news.map(({ finding }) => ruleWord(finding.rule)).join(", ")}`);
  }, [list]);
}

interface ItemProps {
  run: DetailedRun;
  view: View;
  id: string;
  finding: Finding;
}

function FindingItem({ run, view, id, finding }: ItemProps) {
  const [explained, setExplained] = useState(false);
  const { rule, severity, confidence, summary, advice } = finding;
  const fix = advice.map(fixOf).find((line) => line !== null);
  return (
    <li class={`finding ${severity}`} id={`finding-${id}`} data-finding={id} tabIndex={-1}>
      <h3>
        <LevelMark level={severity} word={ruleWord(rule)} />
        <span class="grade">
          {severity} · {confidenceWord(confidence)}
        </span>
      </h3>
      <p>{summary}</p>
      <p class="actions">
        <button
          type="button"
          aria-pressed={view.shown.value === id}
          onClick={() => show(run, view, id)}
        >
          Show
        </button>
        <button type="button" aria-expanded={explained} onClick={() => setExplained(!explained)}>
          Why
        </button>
        {fix && (
          <CopyButton text={() => fix} label="fix">
            Copy fix
          </CopyButton>
        )}
        <button type="button" class="quiet" onClick={() => mute(rule)}>
          Mute
        </button>
      </p>
      {explained && <Why finding={finding} axis={run.axis} />}
    </li>
  );
}

function mute(rule: string): void {
  muted.value = [...muted.value.filter((other) => other !== rule), rule];
  announce(`${ruleWord(rule)} is muted in this browser.`);
}

/** Folded, never gone; the headline goes on saying what they say. */
function Muted({ findings }: { findings: readonly KeyedFinding[] }) {
  if (findings.length === 0) return null;
  return (
    <details class="folded">
      <summary>{findings.length} muted</summary>
      <p class="muted">
        In this browser only. <code>RULE: off</code> under <code>rules:</code> in runlens.yaml does
        it for everybody.
      </p>
      <ul>
        {findings.map(({ key, finding: { rule, severity, summary } }) => (
          <li key={key}>
            <LevelMark level={severity} word={ruleWord(rule)} /> {summary}{" "}
            <button
              type="button"
              class="quiet"
              onClick={() => {
                muted.value = muted.value.filter((other) => other !== rule);
              }}
            >
              Unmute
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

/** Named, so that nobody takes a rule's silence for health. */
function FailedRules({ rules }: { rules: readonly FailedRule[] }) {
  if (rules.length === 0) return null;
  return (
    <div class="failed">
      <h3>Rules that failed</h3>
      <ul>
        {rules.map(({ rule, error }) => (
          <li key={rule}>
            {ruleWord(rule)}: <span class="muted">{error}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
