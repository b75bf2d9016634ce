import { useTranslation } from 'react-i18next';
import { freshButton, type ButtonKind, type DraftButton } from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { CountedField } from './counted-field';
import { Fault } from './fault';
import { Field } from './field';
import { Movable } from './movable';
import { AddButton } from './page';
import { Input, NativeSelect } from './ui/input';

interface FieldsProps {
  value: DraftButton;
  place: string;
  faults: Faults;
  onChange: (value: DraftButton) => void;
}

/** What a button of each kind wants besides its text. */
function KindFields({ value, place, faults, onChange }: FieldsProps) {
  const { t } = useTranslation();
  const line = (
    field: 'url' | 'example' | 'phone' | 'flow' | 'screen',
    name: string,
    fault: string | undefined,
    mode: 'url' | 'tel' | 'numeric' | 'text' = 'text',
  ) => (
    <Field label={t(`templates.fields.${name}`)} hint={t(`templates.rules.${name}`, { mark: '{{1}}' })} error={fault}>
      <Input
        dir="ltr"
        type={mode === 'tel' ? 'tel' : 'text'}
        inputMode={mode}
        autoComplete="off"
        value={value[field]}
        onChange={(event) => onChange({ ...value, [field]: event.target.value })}
      />
    </Field>
  );
  switch (value.type) {
    case 'url':
      return (
        <>
          {line('url', 'url', faults[`${place}/url`], 'url')}
          {value.url.includes('{{') && line('example', 'urlExample', faults[`${place}/example`], 'url')}
        </>
      );
    case 'phone_number':
      return line('phone', 'phone', faults[`${place}/phone_number`], 'tel');
    case 'copy_code':
      return line('example', 'coupon', faults[`${place}/example`]);
    case 'flow':
      return (
        <>
          {line('flow', 'flow', faults[`${place}/flow_id`], 'numeric')}
          <Field label={t('templates.fields.action')} error={faults[`${place}/flow_action`]}>
            <NativeSelect
              value={value.action}
              onChange={(event) => onChange({ ...value, action: event.target.value as DraftButton['action'] })}
            >
              {(['navigate', 'data_exchange'] as const).map((action) => (
                <option key={action} value={action}>
                  {t(`templates.actions.${action}`)}
                </option>
              ))}
            </NativeSelect>
          </Field>
          {value.action === 'navigate' && line('screen', 'screen', faults[`${place}/navigate_screen`])}
        </>
      );
    default:
      return null;
  }
}

/** The buttons below a message: added, filled in, moved and removed. */
export function TemplateButtons({
  value,
  kinds,
  most = LIMITS.buttons,
  place,
  within,
  rule,
  faults,
  onChange,
}: {
  value: DraftButton[];
  kinds: readonly ButtonKind[];
  most?: number;
  /** The API's pointer. */
  place: string;
  /** The name of what they stand on, where it is not the message. */
  within?: string;
  rule: string;
  faults: Faults;
  onChange: (value: DraftButton[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">{t('templates.fields.buttons')}</legend>
      <p className="text-xs text-muted-foreground">{rule}</p>
      <Movable
        items={value}
        nameOf={(at) => [within, t('templates.buttonNumber', { number: at + 1 })].filter(Boolean).join(', ')}
        titleOf={(one) => t(`templates.kinds.${one.type}`)}
        onChange={onChange}
      >
        {(button, at) => {
          const own = `${place}/${at}`;
          const set = (next: DraftButton) => onChange(value.with(at, next));
          return (
            <>
              {button.type !== 'copy_code' && (
                <CountedField
                  label={t('templates.fields.buttonText')}
                  rule={t('templates.rules.plain')}
                  error={faults[`${own}/text`]}
                  value={button.text}
                  most={LIMITS.button}
                  onChange={(text) => set({ ...button, text })}
                />
              )}
              <KindFields value={button} place={own} faults={faults} onChange={set} />
              <Fault>{faults[`${own}/type`]}</Fault>
            </>
          );
        }}
      </Movable>
      <Fault>{faults[place]}</Fault>
      {value.length < most && (
        <div className="flex flex-wrap gap-2">
          {kinds.map((kind) => (
            <AddButton
              key={kind}
              variant="outline"
              size="sm"
              onClick={() => onChange([...value, freshButton(kind, value)])}
            >
              {t(`templates.kinds.${kind}`)}
            </AddButton>
          ))}
        </div>
      )}
    </fieldset>
  );
}
