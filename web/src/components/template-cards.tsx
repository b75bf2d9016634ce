import { useTranslation } from 'react-i18next';
import { CARD_KINDS, cardsWith, freshCard, type Draft, type DraftCard } from '@/lib/template-draft';
import { LIMITS, type Faults } from '@/lib/template-finder';
import { Fault } from './fault';
import { Field } from './field';
import { Movable } from './movable';
import { AddButton } from './page';
import { TemplateButtons } from './template-buttons';
import { TemplateFile } from './template-file';
import { TemplateText } from './template-text';
import { Tick } from './tick';
import { NativeSelect } from './ui/input';

const MOST_BUTTONS = 2;

/** The cards of a carousel. All of them are built like each other. */
export function TemplateCards({
  value,
  faults,
  onChange,
}: {
  value: Draft;
  faults: Faults;
  onChange: (patch: Partial<Draft>) => void;
}) {
  const { t } = useTranslation();
  const { cards, cardFormat, cardsHaveText, channel, naming } = value;
  const put = (at: number, patch: Partial<DraftCard>) =>
    onChange({ cards: cards.with(at, { ...cards[at]!, ...patch }) });
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-sm font-medium">{t('templates.fields.cards')}</legend>
      <p className="text-xs text-muted-foreground">{t('templates.rules.cards')}</p>
      <Field label={t('templates.fields.cardFormat')}>
        <NativeSelect
          value={cardFormat}
          onChange={(event) =>
            onChange({
              cardFormat: event.target.value as Draft['cardFormat'],
              // A sample is of one kind.
              cards: cards.map((card) => ({ ...card, sample: null })),
            })
          }
        >
          {(['image', 'video'] as const).map((format) => (
            <option key={format} value={format}>
              {t(`templates.headers.${format}`)}
            </option>
          ))}
        </NativeSelect>
      </Field>
      <Tick
        label={t('templates.fields.cardsHaveText')}
        checked={cardsHaveText}
        onChange={(on) => onChange({ cardsHaveText: on })}
      />
      <Movable
        items={cards}
        nameOf={(at) => t('templates.cardNumber', { number: at + 1 })}
        titleOf={(_, at) => t('templates.cardNumber', { number: at + 1 })}
        onChange={(next) => onChange({ cards: next })}
      >
        {(card, at) => {
          const place = `/cards/${at}`;
          return (
            <>
              <TemplateFile
                key={cardFormat}
                format={cardFormat}
                channel={channel}
                value={card.sample}
                error={faults[`${place}/header/handle`] ?? faults[`${place}/header/format`]}
                onChange={(sample) => put(at, { sample })}
              />
              {cardsHaveText && (
                <TemplateText
                  value={card}
                  naming={naming}
                  place={`${place}/body`}
                  most={LIMITS.cardBody}
                  faults={faults}
                  onChange={(text) => put(at, text)}
                />
              )}
              <TemplateButtons
                value={card.buttons}
                kinds={CARD_KINDS}
                most={MOST_BUTTONS}
                place={`${place}/buttons`}
                within={t('templates.cardNumber', { number: at + 1 })}
                rule={t('templates.rules.cardButtons')}
                faults={faults}
                onChange={(buttons) => onChange({ cards: cardsWith(cards, at, buttons) })}
              />
            </>
          );
        }}
      </Movable>
      <Fault>{faults['/cards']}</Fault>
      {cards.length < LIMITS.cards && (
        <AddButton
          variant="outline"
          size="sm"
          className="justify-self-start"
          onClick={() => onChange({ cards: [...cards, freshCard(cards)] })}
        >
          {t('templates.cardAdd')}
        </AddButton>
      )}
    </fieldset>
  );
}
