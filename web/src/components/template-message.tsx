import { useTranslation } from 'react-i18next';
import {
  BUTTON_KINDS,
  examplesFor,
  freshButton,
  freshCard,
  HEADERS,
  isFile,
  LAYOUTS,
  layoutOf,
  topOf,
  OFFER_HEADERS,
  OFFER_KINDS,
  renamed,
  type Draft,
  type Layout,
  type Naming,
} from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { Choice } from './choice';
import { CountedField } from './counted-field';
import { Field } from './field';
import { TemplateButtons } from './template-buttons';
import { TemplateCards } from './template-cards';
import { TemplateFile } from './template-file';
import { TemplateExamples, TemplateText } from './template-text';
import { Tick } from './tick';
import { NativeSelect } from './ui/input';

interface PartProps {
  value: Draft;
  faults: Faults;
  onChange: (patch: Partial<Draft>) => void;
}

/** What stands above the text. */
function Top({ value, faults, onChange }: PartProps) {
  const { t } = useTranslation();
  const formats = layoutOf(value) === 'offer' ? OFFER_HEADERS : HEADERS;
  const top = topOf(value);
  return (
    <div className="grid gap-3">
      <Field
        label={t('templates.fields.header')}
        hint={top === 'location' ? t('templates.rules.location') : undefined}
        error={faults['/header/format'] ?? faults['/header']}
      >
        <NativeSelect
          value={top}
          onChange={(event) => onChange({ top: event.target.value as Draft['top'], sample: null })}
        >
          {formats.map((format) => (
            <option key={format} value={format}>
              {t(`templates.headers.${format || 'none'}`)}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {top === 'text' && (
        <>
          <CountedField
            label={t('templates.fields.headerText')}
            rule={t('templates.rules.header')}
            error={faults['/header/text']}
            value={value.header}
            most={LIMITS.header}
            onChange={(header) =>
              onChange({ header, headerExamples: examplesFor(header, value.headerExamples, value.header) })
            }
          />
          <TemplateExamples
            text={value.header}
            examples={value.headerExamples}
            place="/header"
            faults={faults}
            onChange={(headerExamples) => onChange({ headerExamples })}
          />
        </>
      )}
      {isFile(top) && (
        <TemplateFile
          key={top}
          format={top}
          channel={value.channel}
          value={value.sample}
          error={faults['/header/handle']}
          onChange={(sample) => onChange({ sample })}
        />
      )}
    </div>
  );
}

function Offer({ value, faults, onChange }: PartProps) {
  const { t } = useTranslation();
  return (
    <>
      <CountedField
        label={t('templates.fields.offer')}
        rule={t('templates.rules.offer')}
        error={faults['/limited_time_offer/text'] ?? faults['/limited_time_offer']}
        value={value.offer}
        most={LIMITS.offer}
        onChange={(offer) => onChange({ offer })}
      />
      <Tick
        label={t('templates.fields.offerEnds')}
        hint={t('templates.rules.offerEnds')}
        checked={value.offerEnds}
        onChange={(offerEnds) => onChange({ offerEnds })}
      />
    </>
  );
}

/** A layout begins with what it cannot be without. */
function begun(draft: Draft, layout: Layout): Partial<Draft> {
  if (layout === 'carousel' && !draft.cards.length) {
    const first = freshCard([]);
    return { layout, cards: [first, freshCard([first])] };
  }
  if (layout !== 'offer') return { layout };
  const coupon = freshButton('copy_code', []);
  const isOpen = !draft.buttons.length;
  const top = OFFER_HEADERS.find((one) => one === draft.top) ?? '';
  return { layout, top, ...(isOpen && { buttons: [coupon, freshButton('url', [coupon])] }) };
}

/** The parts of a message from its top to its buttons. */
export function TemplateMessage({ value, faults, isNamingFixed, onChange }: PartProps & { isNamingFixed: boolean }) {
  const { t } = useTranslation();
  const layout = layoutOf(value);
  const isMarketing = value.category === 'marketing';
  const kinds = layout === 'offer' ? OFFER_KINDS : isMarketing ? [...BUTTON_KINDS, 'copy_code' as const] : BUTTON_KINDS;
  return (
    <div className="grid gap-4">
      {isMarketing && (
        <Choice
          legend={t('templates.fields.layout')}
          options={LAYOUTS.map((one) => ({
            value: one,
            label: t(`templates.layouts.${one}`),
            hint: t(`templates.layoutHints.${one}`),
          }))}
          value={value.layout}
          onChange={(next) => onChange(begun(value, next))}
        />
      )}
      <Field
        label={t('templates.fields.naming')}
        hint={t('templates.rules.naming')}
        error={faults['/parameter_format']}
      >
        <NativeSelect
          value={value.naming}
          disabled={isNamingFixed}
          onChange={(event) => onChange(renamed(value, event.target.value as Naming))}
        >
          {(['positional', 'named'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`templates.namings.${one}`, { example: one === 'named' ? '{{first_name}}' : '{{1}}' })}
            </option>
          ))}
        </NativeSelect>
      </Field>
      {layout !== 'carousel' && <Top value={value} faults={faults} onChange={onChange} />}
      {layout === 'offer' && <Offer value={value} faults={faults} onChange={onChange} />}
      <TemplateText
        value={value}
        naming={value.naming}
        place="/body"
        most={layout === 'offer' ? LIMITS.offerBody : LIMITS.body}
        faults={faults}
        onChange={onChange}
      />
      {layout === 'plain' && (
        <CountedField
          label={t('templates.fields.footer')}
          rule={t('templates.rules.optional')}
          error={faults['/footer']}
          value={value.footer}
          most={LIMITS.footer}
          onChange={(footer) => onChange({ footer })}
        />
      )}
      {layout === 'carousel' ? (
        <TemplateCards value={value} faults={faults} onChange={onChange} />
      ) : (
        <TemplateButtons
          value={value.buttons}
          kinds={kinds}
          place="/buttons"
          rule={t(layout === 'offer' ? 'templates.rules.offerButtons' : 'templates.rules.buttons')}
          faults={faults}
          onChange={(buttons) => onChange({ buttons })}
        />
      )}
    </div>
  );
}
