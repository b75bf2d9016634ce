import { BoldIcon, BracesIcon, CodeIcon, ItalicIcon, StrikethroughIcon } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { namesIn, placesIn } from '@/lib/template';
import { examplesFor, numbered, type Draft, type Naming } from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { Count } from './counted-field';
import { Fault } from './fault';
import { Field } from './field';
import { Button } from './ui/button';
import { Input, Textarea } from './ui/input';

type Text = Pick<Draft, 'body' | 'examples'>;

const MARKS = [
  { name: 'bold', mark: '*', icon: BoldIcon },
  { name: 'italic', mark: '_', icon: ItalicIcon },
  { name: 'struck', mark: '~', icon: StrikethroughIcon },
  { name: 'typewriter', mark: '```', icon: CodeIcon },
] as const;

/** A name that no other variable has. */
function freeVariable(body: string) {
  const names = namesIn(body);
  if (!names.includes('first_name')) return 'first_name';
  let number = 2;
  while (names.includes(`value_${number}`)) number += 1;
  return `value_${number}`;
}

/** Examples of a text's variables. */
export function TemplateExamples({
  text,
  examples,
  place,
  faults,
  onChange,
}: {
  text: string;
  examples: string[];
  place: string;
  faults: Faults;
  onChange: (examples: string[]) => void;
}) {
  const { t } = useTranslation();
  if (!examples.length) return null;
  const names = namesIn(text);
  const isNamed = names.some((name) => !/^\d+$/.test(name));
  return (
    <fieldset className="grid gap-3 rounded-md border p-3">
      <legend className="px-1 text-sm font-medium">{t('templates.fields.examples')}</legend>
      <p className="text-xs text-muted-foreground">{t('templates.rules.examples')}</p>
      {examples.map((example, at) => (
        <Field
          key={at}
          label={t('templates.exampleOf', { variable: `{{${isNamed ? names[at] : at + 1}}}` })}
          error={faults[`${place}/examples/${at}`]}
        >
          <Input
            dir="auto"
            autoComplete="off"
            maxLength={LIMITS.body}
            value={example}
            onChange={(event) => onChange(examples.with(at, event.target.value))}
          />
        </Field>
      ))}
      <Fault>{faults[`${place}/examples`]}</Fault>
    </fieldset>
  );
}

/** A text with its variables, each with an example. */
export function TemplateText({
  value: { body, examples },
  naming,
  place,
  most,
  faults,
  onChange,
}: {
  value: Text;
  naming: Naming;
  /** The API's pointer. */
  place: string;
  most: number;
  faults: Faults;
  onChange: (value: Text) => void;
}) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const chosen = useRef<[number, number] | null>(null);
  const area = () => box.current?.querySelector('textarea') ?? null;
  // React writes the new text first: only then the part of it can be chosen again.
  useLayoutEffect(() => {
    if (!chosen.current) return;
    area()?.focus();
    area()?.setSelectionRange(...chosen.current);
    chosen.current = null;
  }, [body]);
  const write = (text: string) => onChange({ body: text, examples: examplesFor(text, examples, body) });
  /** Puts text around what is chosen, which stays chosen. */
  const put = (before: string, after: string) => {
    const { selectionStart: start, selectionEnd: end } = area() ?? {
      selectionStart: body.length,
      selectionEnd: body.length,
    };
    chosen.current = [start + before.length, end + before.length];
    write(body.slice(0, start) + before + body.slice(start, end) + after + body.slice(end));
  };
  const insert = () => {
    const at = area()?.selectionEnd ?? body.length;
    const name = naming === 'named' ? freeVariable(body) : String(placesIn(body) + 1);
    const mark = `{{${name}}}`;
    const end = at + mark.length;
    // A name is chosen, so that it can be written at once.
    chosen.current = naming === 'named' ? [at + 2, end - 2] : [end, end];
    write(body.slice(0, at) + mark + body.slice(at));
  };
  const keys = (event: React.KeyboardEvent) => {
    const wanted = { b: '*', i: '_' }[event.key.toLowerCase()];
    if (!wanted || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    put(wanted, wanted);
  };
  const fault = faults[`${place}/text`] ?? faults[place];
  return (
    <div className="grid gap-4">
      <div ref={box} className="grid gap-2">
        <Field
          label={t('templates.fields.body')}
          error={fault}
          hint={
            <span className="flex justify-between gap-3">
              <span>{t(naming === 'named' ? 'templates.rules.bodyNamed' : 'templates.rules.body')}</span>
              <Count text={body} most={most} />
            </span>
          }
        >
          <Textarea
            dir="auto"
            className={place === '/body' ? 'min-h-40' : undefined}
            value={body}
            onChange={(event) => write(event.target.value)}
            onKeyDown={keys}
          />
        </Field>
        <div role="toolbar" aria-label={t('templates.marks.label')} className="flex flex-wrap gap-1">
          {MARKS.map(({ name, mark, icon: Icon }) => (
            <Button
              key={name}
              variant="outline"
              size="icon"
              className="size-9"
              aria-label={t(`templates.marks.${name}`)}
              title={t(`templates.marks.${name}`)}
              onClick={() => put(mark, mark)}
            >
              <Icon aria-hidden />
            </Button>
          ))}
          <Button variant="outline" className="h-9" onClick={insert}>
            <BracesIcon aria-hidden />
            {t('templates.insert')}
          </Button>
          {fault === t('templates.faults.gap') && (
            <Button variant="outline" className="h-9" onClick={() => onChange(numbered({ body, examples }))}>
              {t('templates.number')}
            </Button>
          )}
        </div>
      </div>
      <TemplateExamples
        text={body}
        examples={examples}
        place={place}
        faults={faults}
        onChange={(next) => onChange({ body, examples: next })}
      />
    </div>
  );
}
