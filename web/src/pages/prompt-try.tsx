import { useMutation } from '@tanstack/react-query';
import { SendIcon, Trash2Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, type Schemas } from '@/api/client';
import { Field } from '@/components/field';
import { Fact, Facts } from '@/components/page';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card, CardTitle } from '@/components/ui/card';
import { NativeSelect, Textarea } from '@/components/ui/input';
import { useFormat } from '@/lib/format';
import { LANGUAGES } from '@/lib/i18n';
import { cn } from '@/lib/utils';

type Turn = Schemas['RehearsalTurn'];

/** The API takes so many turns at once. */
const TURNS = 10;

/** Talks with a prompt as a customer would. Nobody gets the answers. */
export function TryPrompt({ id, isChanged }: { id: string; isChanged: boolean }) {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const [turns, setTurns] = useState<Turn[]>([]);
  const [text, setText] = useState('');
  const [language, setLanguage] = useState('');
  const attempt = useMutation({
    mutationFn: (asked: Turn[]) =>
      answer(
        api.POST('/api/v1/prompts/{id}/test', {
          params: { path: { id } },
          body: { turns: asked.slice(-TURNS), language: language || null },
        }),
      ),
    onSuccess: (said) => {
      setTurns((before) => [...before, ...said.messages.map((one) => ({ author: 'business' as const, text: one }))]);
    },
    onError: (_, asked) => {
      // The question comes back, so that it can be asked again.
      setTurns(asked.slice(0, -1));
      setText(asked.at(-1)?.text ?? '');
    },
  });
  const ask = () => {
    if (!text.trim() || attempt.isPending) return;
    const asked = [...turns, { author: 'customer' as const, text: text.trim() }];
    setTurns(asked);
    setText('');
    attempt.mutate(asked);
  };
  const said = attempt.data;
  return (
    <Card>
      <CardTitle>{t('prompts.try')}</CardTitle>
      <p className="mb-4 text-sm text-muted-foreground">{t('prompts.tryHint')}</p>
      {isChanged && (
        <p
          role="status"
          className="mb-4 rounded-md bg-amber-100 p-3 text-sm text-amber-950 dark:bg-amber-950 dark:text-amber-100"
        >
          {t('prompts.tryUnsaved')}
        </p>
      )}
      {turns.length > 0 && (
        <ol className="mb-4 flex flex-col gap-2" aria-live="polite" aria-label={t('prompts.turns')}>
          {turns.map((turn, index) => (
            <li
              key={index}
              className={cn(
                'max-w-[85%] rounded-lg px-3 py-2 text-sm',
                turn.author === 'customer' ? 'self-start bg-muted' : 'self-end bg-accent text-accent-foreground',
              )}
            >
              <p className="text-xs font-medium opacity-80">{t(`prompts.authors.${turn.author}`)}</p>
              <p dir="auto" className="break-words whitespace-pre-wrap">
                {turn.text}
              </p>
            </li>
          ))}
        </ol>
      )}
      {attempt.isPending && (
        <p role="status" className="mb-4 text-sm text-muted-foreground">
          {t('prompts.answers')}
        </p>
      )}
      {attempt.isError && (
        <p role="alert" className="mb-4 text-sm text-destructive-text">
          {reason(attempt.error)}
        </p>
      )}
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          ask();
        }}
      >
        <Field label={t('prompts.question')} hint={t('prompts.questionHint')}>
          <Textarea
            dir="auto"
            maxLength={4096}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
              event.preventDefault();
              ask();
            }}
          />
        </Field>
        <div className="flex flex-wrap items-center gap-2">
          <NativeSelect
            aria-label={t('common.language')}
            className="w-auto"
            value={language}
            onChange={(event) => setLanguage(event.target.value)}
          >
            <option value="">{t('prompts.workspaceLanguage')}</option>
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </NativeSelect>
          {turns.length > 0 && (
            <Button
              variant="ghost"
              onClick={() => {
                setTurns([]);
                attempt.reset();
              }}
            >
              <Trash2Icon aria-hidden />
              {t('prompts.startAnew')}
            </Button>
          )}
          <Button type="submit" className="ms-auto" disabled={!text.trim() || attempt.isPending}>
            <SendIcon className="rtl:rotate-180" aria-hidden />
            {t('prompts.ask')}
          </Button>
        </div>
      </form>
      {said && (
        <div className="mt-6 grid gap-4 border-t pt-4">
          <Facts>
            <Fact label={t('prompts.model')}>
              <bdi dir="ltr">{said.model}</bdi>
            </Fact>
            <Fact label={t('prompts.used')}>
              {t('prompts.usedTokens', {
                asked: format.number(said.prompt_tokens),
                answered: format.number(said.completion_tokens),
              })}
            </Fact>
            <Fact label={t('prompts.cost')}>
              <bdi>{format.exact(said.cost_micro, 'USD')}</bdi> ·{' '}
              <bdi>{t('prompts.took', { ms: format.number(said.latency_ms) })}</bdi>
            </Fact>
          </Facts>
          <details>
            <summary className="cursor-pointer text-sm font-medium">
              {t('prompts.passages', { number: format.number(said.passages.length) })}
            </summary>
            <ul className="mt-2 grid gap-2">
              {said.passages.map((one, index) => (
                <li key={index} dir="auto" className="rounded-md bg-muted p-2 text-sm break-words whitespace-pre-wrap">
                  {one}
                </li>
              ))}
            </ul>
          </details>
        </div>
      )}
    </Card>
  );
}
