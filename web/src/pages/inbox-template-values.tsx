import { useTranslation } from 'react-i18next';
import type { Schemas } from '@/api/client';
import { Field } from '@/components/field';
import { FileAddress } from '@/components/file-address';
import { MapPlaceFields } from '@/components/map-place-fields';
import { Input } from '@/components/ui/input';
import { useFormat } from '@/lib/format';
import { fileAddressOf, type Filling, type wantsOf } from '@/lib/template';

type Wants = ReturnType<typeof wantsOf>;

/** What a member writes into a template. Values of buttons stand by their index. */
export interface Answer {
  texts: string[];
  title: string;
  link: string;
  location: Schemas['TemplatePlace'];
  buttons: Record<number, string>;
  cards: Record<number, { link: string; texts: string[]; buttons: Record<number, string> }>;
  /** A moment. */
  ends: string;
}

export const NOTHING: Answer = {
  texts: [],
  title: '',
  link: '',
  location: { latitude: '', longitude: '', name: '', address: '' },
  buttons: {},
  cards: {},
  ends: '',
};

const cardOf = (answer: Answer, at: number) => answer.cards[at] ?? { link: '', texts: [], buttons: {} };
const textsFor = (names: readonly string[], texts: readonly string[]) => names.map((_, at) => texts[at] ?? '');
const buttonsFor = (indexes: readonly number[], values: Record<number, string>) =>
  indexes.map((index) => ({ index, value: values[index]?.trim() ?? '' }));
const indexesOf = ({ urls, coupons }: Wants) => [...urls.map((one) => one.index), ...coupons];

/** What the API takes. */
export function answerOf(answer: Answer, wants: Wants): Omit<Schemas['TemplateAnswer'], 'name' | 'language'> {
  return {
    parameters: textsFor(wants.names, answer.texts),
    ...(wants.title && { header: { text: answer.title } }),
    ...(wants.link && { header: { link: answer.link.trim() } }),
    ...(wants.location && { header: { location: answer.location } }),
    buttons: buttonsFor(indexesOf(wants), answer.buttons),
    cards: wants.cards.map(({ names, urls }, at) => {
      const card = cardOf(answer, at);
      return {
        link: card.link.trim(),
        parameters: textsFor(names, card.texts),
        buttons: buttonsFor(
          urls.map((one) => one.index),
          card.buttons,
        ),
      };
    }),
    ...(wants.ends && { offer_ends_at: answer.ends }),
  };
}

/** Whether something is still empty. */
export function hasGap(answer: Answer, wants: Wants) {
  const { parameters = [], header, buttons = [], cards = [], offer_ends_at: ends } = answerOf(answer, wants);
  const texts = [
    ...parameters,
    ...buttons.map((one) => one.value),
    ...cards.flatMap((card) => [
      card.link,
      ...(card.parameters ?? []),
      ...(card.buttons ?? []).map((one) => one.value),
    ]),
    ...(header && 'text' in header ? [header.text] : []),
    ...(header && 'link' in header ? [header.link] : []),
    ...(header && 'location' in header ? Object.values(header.location) : []),
    ...(wants.ends ? [ends ?? ''] : []),
  ];
  return texts.some((text) => !text.trim());
}

export function shownOf(answer: Answer, wants: Wants, moment: (at: string) => string): Filling {
  const [coupon] = wants.coupons;
  return {
    values: answer.texts,
    header: answer.title,
    media: fileAddressOf(answer.link),
    place: answer.location,
    coupon: coupon === undefined ? undefined : answer.buttons[coupon],
    ends: answer.ends && moment(answer.ends),
    cards: wants.cards.map((_, at) => ({
      values: cardOf(answer, at).texts,
      media: fileAddressOf(cardOf(answer, at).link),
    })),
  };
}

/** The fields of a template's values. */
export function TemplateValues({
  value,
  wants,
  faults,
  onChange,
}: {
  value: Answer;
  wants: Wants;
  /** By the API's pointers, below the template. */
  faults: Record<string, string>;
  onChange: (value: Answer) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const put = (patch: Partial<Answer>) => onChange({ ...value, ...patch });
  const nameOf = (name: string) => (/^\d+$/.test(name) ? t('inbox.place', { number: Number(name) }) : `{{${name}}}`);
  const line = (key: string, label: string, text: string, write: (text: string) => void, fault?: string) => (
    <Field key={key} label={label} error={fault}>
      <Input dir="auto" value={text} onChange={(event) => write(event.target.value)} />
    </Field>
  );
  const texts = (names: readonly string[], all: readonly string[], write: (texts: string[]) => void, place = '') =>
    names.map((name, at) =>
      line(
        name,
        nameOf(name),
        all[at] ?? '',
        (text) => write(textsFor(names, all).with(at, text)),
        faults[`${place}/parameters/${at}`],
      ),
    );
  const ends = (urls: Wants['urls'], all: Record<number, string>, write: (buttons: Record<number, string>) => void) =>
    urls.map(({ index, label }) =>
      line(`button ${index}`, t('campaigns.buttonUrl', { button: label }), all[index] ?? '', (text) =>
        write({ ...all, [index]: text }),
      ),
    );
  return (
    <>
      {wants.link && (
        <FileAddress
          kind={wants.link}
          value={value.link}
          error={faults['/header/link'] ?? faults['/header']}
          onChange={(link) => put({ link })}
        />
      )}
      {wants.title &&
        line('title', t('campaigns.headerText'), value.title, (title) => put({ title }), faults['/header'])}
      {wants.location && (
        <MapPlaceFields
          value={value.location}
          faults={faults}
          place="/header/location"
          onChange={(location) => put({ location })}
        />
      )}
      {texts(wants.names, value.texts, (next) => put({ texts: next }))}
      {ends(wants.urls, value.buttons, (buttons) => put({ buttons }))}
      {wants.coupons.map((index) =>
        line(`coupon ${index}`, t('templates.kinds.copy_code'), value.buttons[index] ?? '', (text) =>
          put({ buttons: { ...value.buttons, [index]: text } }),
        ),
      )}
      {wants.ends && (
        <Field
          label={t('campaigns.offerEnd')}
          hint={t('campaigns.scheduleText', { zone: format.zone })}
          error={faults['/offer_ends_at']}
        >
          <Input
            type="datetime-local"
            value={format.field(value.ends)}
            onChange={(event) => {
              const [day, time] = event.target.value.split('T');
              put({ ends: day && time ? format.at(day, time) : '' });
            }}
          />
        </Field>
      )}
      {wants.cards.map((card, at) => {
        const own = cardOf(value, at);
        const place = `/cards/${at}`;
        const set = (patch: Partial<typeof own>) => put({ cards: { ...value.cards, [at]: { ...own, ...patch } } });
        return (
          <fieldset key={at} className="grid gap-3 rounded-md border p-3">
            <legend className="px-1 text-sm font-medium">{t('templates.cardNumber', { number: at + 1 })}</legend>
            <FileAddress
              kind={card.link}
              value={own.link}
              error={faults[`${place}/link`] ?? faults[place]}
              onChange={(link) => set({ link })}
            />
            {texts(card.names, own.texts, (next) => set({ texts: next }), place)}
            {ends(card.urls, own.buttons, (buttons) => set({ buttons }))}
          </fieldset>
        );
      })}
    </>
  );
}
