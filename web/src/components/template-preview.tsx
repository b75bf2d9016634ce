import { useTranslation } from 'react-i18next';
import { direction } from '@/lib/i18n';
import { filledIn, isOf, partsOf, type Filling, type Part } from '@/lib/template';
import { MarkedText } from './marked-text';
import { PreviewButtons, PreviewOffer, PreviewTop } from './template-preview-parts';

const BUBBLE = 'overflow-hidden rounded-lg bg-white text-gray-900 shadow-sm dark:bg-[#202c33] dark:text-gray-100';

function Text({ text, values }: { text: string; values?: readonly string[] }) {
  return (
    <p className="break-words whitespace-pre-wrap">
      <MarkedText text={filledIn(text, values)} />
    </p>
  );
}

/** A card of a carousel. */
function PreviewCard({
  parts,
  filling,
}: {
  parts: readonly Part[];
  filling: NonNullable<Filling['cards']>[number] | undefined;
}) {
  const part = (type: string) => parts.find((one) => isOf(one, type));
  const text = part('BODY')?.text;
  return (
    <li className={`flex w-52 shrink-0 snap-start flex-col ${BUBBLE}`}>
      <PreviewTop part={part('HEADER')} filling={{ media: filling?.media }} />
      <div className="grow p-3">{text !== undefined && <Text text={text} values={filling?.values} />}</div>
      <PreviewButtons buttons={part('BUTTONS')?.buttons ?? []} />
    </li>
  );
}

/** The message as a phone shows it. */
export function TemplatePreview({
  template,
  filling = {},
}: {
  template: { language: string; body: string; components: readonly object[] };
  filling?: Filling;
}) {
  const { t } = useTranslation();
  const parts = partsOf(template);
  const part = (type: string) => parts.find((one) => isOf(one, type));
  const footer = part('FOOTER');
  const minutes = footer?.code_expiration_minutes;
  const small = minutes ? t('templates.codeExpires', { minutes }) : footer?.text;
  const cards = part('CAROUSEL')?.cards ?? [];
  return (
    <figure
      aria-label={t('templates.preview')}
      dir={direction(template.language.slice(0, 2))}
      className="grid min-w-0 gap-2 rounded-md bg-[#e7ded4] p-4 text-sm dark:bg-[#0b141a]"
    >
      <div className={`max-w-xs ${BUBBLE}`}>
        <PreviewTop part={part('HEADER')} filling={filling} />
        <PreviewOffer part={part('LIMITED_TIME_OFFER')} filling={filling} />
        <div className="grid gap-1 p-3">
          <Text text={part('BODY')?.text ?? template.body} values={filling.values} />
          {small && <p className="text-xs text-gray-500 dark:text-gray-400">{small}</p>}
        </div>
        <PreviewButtons buttons={part('BUTTONS')?.buttons ?? []} />
      </div>
      {cards.length > 0 && (
        <ul
          tabIndex={0}
          aria-label={t('templates.fields.cards')}
          className="flex min-w-0 snap-x gap-2 overflow-x-auto pb-2"
        >
          {cards.map(({ components = [] }, at) => (
            <PreviewCard key={at} parts={components} filling={filling.cards?.[at]} />
          ))}
        </ul>
      )}
    </figure>
  );
}
