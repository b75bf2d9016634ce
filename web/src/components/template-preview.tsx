import { ExternalLinkIcon, PhoneIcon, ReplyIcon } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { direction } from '@/lib/i18n';
import { MarkedText } from './marked-text';

interface Component {
  type?: unknown;
  text?: unknown;
  buttons?: unknown;
}

const ICONS = new Map<unknown, typeof ReplyIcon>([
  ['QUICK_REPLY', ReplyIcon],
  ['URL', ExternalLinkIcon],
  ['PHONE_NUMBER', PhoneIcon],
]);

/** The message as a phone shows it. */
export function TemplatePreview({
  template,
  values = [],
}: {
  template: { language: string; body: string; components: readonly object[] };
  values?: string[];
}) {
  const { t } = useTranslation();
  const components = template.components as Component[];
  const text = (type: string) =>
    components.find((one) => one.type === type && typeof one.text === 'string')?.text as string | undefined;
  const filled = (body: string) =>
    body.replace(/\{\{(\d+)\}\}/g, (whole, number: string) => values[Number(number) - 1] || whole);
  const buttons = components.flatMap((one) => (Array.isArray(one.buttons) ? (one.buttons as Component[]) : []));
  return (
    <figure aria-label={t('templates.preview')} className="rounded-md bg-[#e7ded4] p-4 dark:bg-[#0b141a]">
      <div
        dir={direction(template.language.slice(0, 2))}
        className="max-w-xs overflow-hidden rounded-lg bg-white text-sm text-gray-900 shadow-sm dark:bg-[#202c33] dark:text-gray-100"
      >
        <div className="grid gap-1 p-3">
          {text('HEADER') && <p className="font-semibold">{filled(text('HEADER')!)}</p>}
          <p className="break-words whitespace-pre-wrap">
            <MarkedText text={filled(text('BODY') ?? template.body)} />
          </p>
          {text('FOOTER') && <p className="text-xs text-gray-500 dark:text-gray-400">{text('FOOTER')}</p>}
        </div>
        {buttons.map((button, index) => {
          const Icon = ICONS.get(button.type);
          return (
            <p
              key={index}
              className="flex items-center justify-center gap-2 border-t p-2 text-center font-medium text-blue-700 dark:border-gray-600 dark:text-sky-300"
            >
              {Icon && <Icon className="size-4 shrink-0" aria-hidden />}
              <span className="min-w-0 break-words">{String(button.text ?? '')}</span>
            </p>
          );
        })}
      </div>
    </figure>
  );
}
