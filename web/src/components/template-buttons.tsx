import { ArrowDownIcon, ArrowUpIcon, Trash2Icon } from 'lucide-react';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { BUTTON_KINDS, freshButton, LIMITS, type DraftButton, type Faults } from '@/lib/template-draft';
import { CountedField } from './counted-field';
import { Field } from './field';
import { AddButton } from './page';
import { RowButton } from './row-actions';
import { Input } from './ui/input';

interface FieldsProps {
  value: DraftButton;
  place: string;
  faults: Faults;
  onChange: (value: DraftButton) => void;
}

/** What a button of each kind wants besides its text. */
function KindFields({ value, place, faults, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const line = (field: 'url' | 'example' | 'phone', label: string, hint: string, fault?: string) => (
    <Field label={label} hint={hint} error={fault}>
      <Input
        dir="ltr"
        type={field === 'phone' ? 'tel' : 'text'}
        inputMode={field === 'phone' ? 'tel' : 'url'}
        autoComplete="off"
        value={value[field]}
        onChange={(event) => onChange({ ...value, [field]: event.target.value })}
      />
    </Field>
  );
  if (value.type === 'url')
    return (
      <>
        {line('url', t('templates.fields.url'), t('templates.rules.url', { mark: '{{1}}' }), faults[`${place}/url`])}
        {value.url.includes('{{') &&
          line(
            'example',
            t('templates.fields.urlExample'),
            t('templates.rules.urlExample'),
            faults[`${place}/example`],
          )}
      </>
    );
  if (value.type === 'phone_number')
    return line('phone', t('templates.fields.phone'), t('templates.rules.phone'), faults[`${place}/phone_number`]);
  return null;
}

/** The buttons below a template: added, filled in, moved and removed. */
export function TemplateButtons({
  value,
  faults,
  onChange,
}: {
  value: DraftButton[];
  faults: Faults;
  onChange: (value: DraftButton[]) => void;
}) {
  const { t } = useTranslation();
  const list = useRef<HTMLOListElement>(null);
  const held = useRef<HTMLElement | null>(null);
  const [said, setSaid] = useState('');
  const [added, setAdded] = useState('');
  useEffect(() => {
    if (added) list.current?.querySelector<HTMLInputElement>(`[data-key="${added}"] input`)?.focus();
  }, [added]);
  // A moved element loses the focus, and a button that is disabled at the end of the list cannot get it back.
  useLayoutEffect(() => {
    const holder = held.current;
    held.current = null;
    holder?.focus();
    if (holder && document.activeElement !== holder) holder.closest('li')?.querySelector('input')?.focus();
  }, [value]);
  const move = (at: number, by: 1 | -1) => {
    const to = at + by;
    const moved = value[at];
    if (!moved || to < 0 || to >= value.length) return;
    held.current = document.activeElement as HTMLElement | null;
    onChange(value.toSpliced(at, 1).toSpliced(to, 0, moved));
    setSaid(t('templates.moved', { name: moved.text || t(`templates.kinds.${moved.type}`), place: to + 1 }));
  };
  const add = (type: DraftButton['type']) => {
    const fresh = freshButton(type, value);
    onChange([...value, fresh]);
    setAdded(fresh.key);
  };
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">{t('templates.fields.buttons')}</legend>
      <p className="text-xs text-muted-foreground">{t('templates.rules.buttons')}</p>
      <ol ref={list} className="grid gap-3">
        {value.map((button, at) => {
          const name = t('templates.buttonNumber', { number: at + 1 });
          const place = `/buttons/${at}`;
          const set = (next: DraftButton) => onChange(value.with(at, next));
          return (
            <li key={button.key} data-key={button.key}>
              <section
                aria-label={name}
                className="grid gap-3 rounded-md border p-3"
                onKeyDown={(event) => {
                  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
                  event.preventDefault();
                  move(at, event.key === 'ArrowUp' ? -1 : 1);
                }}
              >
                <div className="flex items-center gap-1">
                  <h3 className="min-w-0 grow text-sm font-medium">{t(`templates.kinds.${button.type}`)}</h3>
                  <RowButton words={t('automations.up')} name={name} disabled={at === 0} onClick={() => move(at, -1)}>
                    <ArrowUpIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.down')}
                    name={name}
                    disabled={at === value.length - 1}
                    onClick={() => move(at, 1)}
                  >
                    <ArrowDownIcon aria-hidden />
                  </RowButton>
                  <RowButton
                    words={t('automations.remove')}
                    name={name}
                    onClick={() => onChange(value.toSpliced(at, 1))}
                  >
                    <Trash2Icon className="text-destructive-text" aria-hidden />
                  </RowButton>
                </div>
                <CountedField
                  label={t('templates.fields.buttonText')}
                  rule={t('templates.rules.plain')}
                  error={faults[`${place}/text`]}
                  value={button.text}
                  most={LIMITS.button}
                  onChange={(text) => set({ ...button, text })}
                />
                <KindFields value={button} place={place} faults={faults} onChange={set} />
              </section>
            </li>
          );
        })}
      </ol>
      {faults['/buttons'] && (
        <p role="alert" className="text-sm text-destructive-text">
          {faults['/buttons']}
        </p>
      )}
      <p role="status" className="sr-only">
        {said}
      </p>
      {value.length < LIMITS.buttons && (
        <div className="flex flex-wrap gap-2">
          {BUTTON_KINDS.map((kind) => (
            <AddButton key={kind} variant="outline" size="sm" onClick={() => add(kind)}>
              {t(`templates.kinds.${kind}`)}
            </AddButton>
          ))}
        </div>
      )}
    </fieldset>
  );
}
