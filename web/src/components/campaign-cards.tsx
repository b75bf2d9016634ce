import { useTranslation } from 'react-i18next';
import { faultAt } from '@/lib/campaign';
import { cardFor, urlFor, type DraftCard, type Wants, type Words } from '@/lib/campaign-words';
import { useFormat } from '@/lib/format';
import { Field } from './field';
import { FileAddress } from './file-address';
import { PlaceFields } from './place-fields';
import { Input } from './ui/input';

interface CardsProps {
  words: Words;
  wants: Wants;
  /** By the API's pointers. */
  faults: Record<string, string>;
  /** Where the API has the content. */
  pointer: string;
  /** Values of what a trigger found. */
  subject?: readonly string[];
  /** Tracked links can stand in it. */
  links?: boolean;
  onChange: (patch: Partial<Words>) => void;
}

/** What each card of a carousel shows: its file, and the values of its text and its links. */
export function CampaignCards({ words, wants, faults, pointer, subject, links, onChange }: CardsProps) {
  const { t } = useTranslation();
  return wants.cards.map((card, at) => {
    const value = cardFor(words, at, card.names);
    const place = `${pointer}/content/cards/${at}`;
    const name = t('templates.cardNumber', { number: at + 1 });
    const put = (patch: Partial<DraftCard>) => onChange({ cards: { ...words.cards, [at]: { ...value, ...patch } } });
    return (
      <fieldset key={at} className="grid gap-3 rounded-md border p-3">
        <legend className="px-1 text-sm font-medium">{name}</legend>
        <FileAddress
          kind={card.link}
          value={value.link}
          error={faults[`${place}/link`] ?? faults[place]}
          onChange={(link) => put({ link })}
        />
        {card.names.map((variable, index) => {
          const one = value.places[index]!;
          return (
            <PlaceFields
              key={variable}
              place={one}
              subject={subject}
              label={`{{${variable}}}`}
              error={faultAt(faults, `${place}/parameters/${index}`)}
              onChange={(patch) => put({ places: value.places.with(index, { ...one, ...patch }) })}
            />
          );
        })}
        {card.urls.map((button, index) => (
          <PlaceFields
            key={button.index}
            place={urlFor(value, button)}
            label={t('campaigns.buttonUrl', { button: button.label })}
            links={links}
            subject={subject}
            error={faultAt(faults, `${place}/buttons/${index}`)}
            onChange={(patch) =>
              put({ urls: { ...value.urls, [button.index]: { ...urlFor(value, button), ...patch } } })
            }
          />
        ))}
      </fieldset>
    );
  });
}

/** When an offer ends, by the workspace's clock. */
export function CampaignOfferEnd({
  words,
  faults,
  pointer,
  onChange,
}: Pick<CardsProps, 'words' | 'faults' | 'pointer' | 'onChange'>) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Field
      label={t('campaigns.offerEnd')}
      hint={t('campaigns.scheduleText', { zone: format.zone })}
      error={faults[`${pointer}/content/offer_ends_at`]}
    >
      <Input
        type="datetime-local"
        className="max-w-64"
        value={format.field(words.ends)}
        onChange={(event) => {
          const [day, time] = event.target.value.split('T');
          onChange({ ends: day && time ? format.at(day, time) : '' });
        }}
      />
    </Field>
  );
}
