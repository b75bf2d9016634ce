import { BoldIcon, BracesIcon, CodeIcon, ItalicIcon, StrikethroughIcon } from 'lucide-react';
import { useLayoutEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { placesIn } from '@/lib/template';
import { examplesFor, LIMITS, numbered, type Draft, type Faults } from '@/lib/template-draft';
import { Count } from './counted-field';
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

/** The text with its variables, each with an example. */
export function TemplateBody({
  value: { body, examples },
  faults,
  onChange,
}: {
  value: Text;
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
  const write = (text: string) => onChange({ body: text, examples: examplesFor(text, examples) });
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
    const mark = `{{${placesIn(body) + 1}}}`;
    chosen.current = [at + mark.length, at + mark.length];
    write(body.slice(0, at) + mark + body.slice(at));
  };
  const keys = (event: React.KeyboardEvent) => {
    const wanted = { b: '*', i: '_' }[event.key.toLowerCase()];
    if (!wanted || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    put(wanted, wanted);
  };
  const fault = faults['/body/text'];
  return (
    <div className="grid gap-4">
      <div ref={box} className="grid gap-2">
        <Field
          label={t('templates.fields.body')}
          error={fault}
          hint={
            <span className="flex justify-between gap-3">
              <span>{t('templates.rules.body')}</span>
              <Count text={body} most={LIMITS.body} />
            </span>
          }
        >
          <Textarea
            dir="auto"
            className="min-h-40"
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
      {examples.length > 0 && (
        <fieldset className="grid gap-3 rounded-md border p-3">
          <legend className="px-1 text-sm font-medium">{t('templates.fields.examples')}</legend>
          <p className="text-xs text-muted-foreground">{t('templates.rules.examples')}</p>
          {examples.map((example, at) => (
            <Field
              key={at}
              label={t('templates.exampleOf', { variable: `{{${at + 1}}}` })}
              error={faults[`/body/examples/${at}`]}
            >
              <Input
                dir="auto"
                autoComplete="off"
                maxLength={LIMITS.body}
                value={example}
                onChange={(event) => onChange({ body, examples: examples.with(at, event.target.value) })}
              />
            </Field>
          ))}
          {faults['/body/examples'] && (
            <p role="alert" className="text-sm text-destructive-text">
              {faults['/body/examples']}
            </p>
          )}
        </fieldset>
      )}
    </div>
  );
}
