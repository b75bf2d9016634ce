import {
  CopyIcon,
  ExternalLinkIcon,
  FileTextIcon,
  ImageIcon,
  MapPinIcon,
  PhoneIcon,
  ReplyIcon,
  ShoppingBagIcon,
  SquarePenIcon,
  TimerIcon,
  VideoIcon,
} from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Filling, Part, PartButton } from '@/lib/template';
import { headerText } from '@/lib/template-shown';
import { Picture } from './picture';

const ICONS = new Map<unknown, typeof ReplyIcon>([
  ['QUICK_REPLY', ReplyIcon],
  ['URL', ExternalLinkIcon],
  ['PHONE_NUMBER', PhoneIcon],
  ['COPY_CODE', CopyIcon],
  ['OTP', CopyIcon],
  ['FLOW', SquarePenIcon],
  ['CATALOG', ShoppingBagIcon],
]);

const FILES = new Map([
  ['IMAGE', ImageIcon],
  ['VIDEO', VideoIcon],
  ['DOCUMENT', FileTextIcon],
]);

/** The file, the map or the text above a message. */
export function PreviewTop({ part, filling }: { part: Part | undefined; filling: Filling }) {
  const { t } = useTranslation();
  if (!part) return null;
  const format = part.format?.toUpperCase() ?? 'TEXT';
  const icon = FILES.get(format);
  if (icon)
    return (
      <Picture
        url={format === 'IMAGE' ? filling.media : null}
        alt={t(`templates.headers.${format.toLowerCase()}`)}
        icon={icon}
        className="h-36 w-full rounded-none"
      />
    );
  if (format === 'LOCATION')
    return (
      <div className="grid gap-2">
        <span
          role="img"
          aria-label={t('templates.headers.location')}
          className="grid h-24 place-items-center bg-muted text-muted-foreground"
        >
          <MapPinIcon className="size-8" aria-hidden />
        </span>
        <p className="px-3 font-medium break-words">
          {filling.place?.name || t('templates.placeName')}
          <span className="block text-xs font-normal text-gray-500 dark:text-gray-400">
            {filling.place?.address || t('templates.placeAddress')}
          </span>
        </p>
      </div>
    );
  if (!part.text) return null;
  return <p className="px-3 pt-3 font-semibold break-words">{headerText(part.text, filling.header)}</p>;
}

/** The offer with its end and its coupon. */
export function PreviewOffer({ part, filling }: { part: Part | undefined; filling: Filling }) {
  const { t } = useTranslation();
  const offer = part?.limited_time_offer;
  if (!offer) return null;
  const small = 'block text-xs text-gray-500 dark:text-gray-400';
  return (
    <div className="flex gap-3 border-b p-3 dark:border-gray-600">
      <TimerIcon className="mt-0.5 size-5 shrink-0" aria-hidden />
      <p className="min-w-0 font-medium break-words">
        {offer.text || t('templates.fields.offer')}
        {offer.has_expiration && (
          <span className={small}>
            {filling.ends ? t('templates.offerEndsAt', { when: filling.ends }) : t('templates.offerEndsLater')}
          </span>
        )}
        {filling.coupon && <span className={small}>{t('templates.coupon', { code: filling.coupon })}</span>}
      </p>
    </div>
  );
}

export function PreviewButtons({ buttons }: { buttons: readonly PartButton[] }) {
  const { t } = useTranslation();
  const words = ({ type, text, otp_type: otp, autofill_text: fills }: PartButton) => {
    if (type === 'COPY_CODE') return t('templates.copyOffer');
    if (type !== 'OTP') return text ?? '';
    return otp?.toLowerCase() === 'one_tap' ? fills || t('templates.autofill') : text || t('templates.copyCode');
  };
  return buttons.map((button, index) => {
    const Icon = ICONS.get(button.type?.toUpperCase());
    return (
      <p
        key={index}
        className="flex items-center justify-center gap-2 border-t p-2 text-center font-medium text-blue-700 dark:border-gray-600 dark:text-sky-300"
      >
        {Icon && <Icon className="size-4 shrink-0" aria-hidden />}
        <span className="min-w-0 break-words">{words(button)}</span>
      </p>
    );
  });
}
