// The test of a campaign as its form writes it.

import type { Schemas } from '@/api/client';
import { contentOf, EMPTY_WORDS, gapsOfWords, wordsOf, type Wants, type Words } from './campaign-words';

type Campaign = Schemas['Campaign'];
type Experiment = Schemas['CampaignExperiment'];

export const METRICS = ['read', 'click', 'order'] as const;
export const CHOICES = ['automatic', 'member'] as const;
export const OTHERWISE = ['wait', 'first_arm'] as const;
export const MOST_ARMS = 5;

export interface ArmDraft {
  name: string;
  percent: string;
  /** The template's language, or nothing for each contact's own. */
  language: string;
  /** The first arm has the campaign's own. */
  words: Words | null;
}

export interface TestDraft {
  isOn: boolean;
  arms: ArmDraft[];
  /** A part of the audience gets the arms first. Otherwise all get one. */
  isPart: boolean;
  /** That part, in percent. */
  part: string;
  holdout: string;
  metric: Experiment['metric'];
  hours: string;
  choice: Experiment['choice'];
  otherwise: Experiment['otherwise'];
}

export const NO_TEST: TestDraft = {
  isOn: false,
  arms: [],
  isPart: true,
  part: '20',
  holdout: '0',
  metric: 'read',
  hours: '24',
  choice: 'automatic',
  otherwise: 'wait',
};

export function testOf(experiment: Campaign['experiment']): TestDraft {
  if (!experiment) return NO_TEST;
  return {
    isOn: true,
    arms: experiment.arms.map((arm) => ({
      name: arm.name,
      percent: String(arm.percent),
      language: arm.language ?? '',
      words: arm.content ? wordsOf(arm.content) : null,
    })),
    isPart: experiment.test_percent != null,
    part: String(experiment.test_percent ?? NO_TEST.part),
    holdout: String(experiment.holdout_percent ?? 0),
    metric: experiment.metric,
    hours: String(experiment.decide_after_hours),
    choice: experiment.choice,
    otherwise: experiment.otherwise ?? 'wait',
  };
}

/** As many shares as arms that make 100. */
function evenly(count: number) {
  const each = Math.floor(100 / count);
  return Array.from({ length: count }, (_, index) => String(index === 0 ? 100 - each * (count - 1) : each));
}

/** A further arm, with equal shares for all. */
export function withArm(test: TestDraft, name: (letter: string) => string): TestDraft {
  const letter = (index: number) => String.fromCharCode(65 + index);
  const arms = test.arms.length ? test.arms : [{ name: name(letter(0)), percent: '', language: '', words: null }];
  const taken = new Set(arms.map((arm) => arm.name));
  let at = arms.length;
  while (taken.has(name(letter(at)))) at += 1;
  const all = [...arms, { name: name(letter(at)), percent: '', language: '', words: EMPTY_WORDS }];
  const shares = evenly(all.length);
  return { ...test, arms: all.map((arm, index) => ({ ...arm, percent: shares[index]! })) };
}

export function withoutArm(test: TestDraft, index: number): TestDraft {
  const left = test.arms.filter((_, at) => at !== index);
  const shares = evenly(left.length);
  return { ...test, arms: left.map((arm, at) => ({ ...arm, percent: shares[at]! })) };
}

/** What the API takes. `wants` tells what the template of some words asks for. */
export function experimentOf(test: TestDraft, wants: (words: Words) => Wants): Experiment | null {
  if (!test.isOn) return null;
  return {
    arms: test.arms.map(({ name, percent, language, words }) => ({
      name: name.trim(),
      percent: Number(percent),
      ...(language && { language }),
      ...(words && { content: contentOf(words, wants(words)) }),
    })),
    ...(test.isPart && { test_percent: Number(test.part) }),
    holdout_percent: Number(test.holdout || 0),
    metric: test.metric,
    decide_after_hours: Number(test.hours),
    choice: test.choice,
    otherwise: test.otherwise,
  };
}

/** What a person has not filled in, by the API's pointers. */
export function gapsOfTest(test: TestDraft, wants: (words: Words) => Wants, required: string) {
  const gaps: Record<string, string> = {};
  if (!test.isOn) return gaps;
  test.arms.forEach(({ name, words }, index) => {
    const at = `/experiment/arms/${index}`;
    if (!name.trim()) gaps[`${at}/name`] = required;
    if (!words) return;
    for (const [pointer, fault] of Object.entries(gapsOfWords(words, wants(words), required)))
      gaps[`${at}${pointer}`] = fault;
  });
  return gaps;
}
