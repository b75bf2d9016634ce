import { CheckIcon, SendIcon, UserPlusIcon, XIcon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError, answer, api, type Schemas } from '@/api/client';
import { useReason } from './states';
import { ContactName } from './contact-name';
import { ContactPicker } from './contact-picker';
import { Field } from './field';
import { Button } from './ui/button';
import { Input, NativeSelect } from './ui/input';
import { useAct } from '@/lib/act';
import { direction } from '@/lib/i18n';

/** More would be a campaign. */
const MOST = 5;

interface Tried {
  phone: string;
  sent?: Schemas['CampaignTested'];
  fault?: string;
}

/** Sends a campaign's message to some phones, and shows what each got. */
export function CampaignTest({
  id,
  arms,
}: {
  id: string;
  /** Those of the campaign's own test. */
  arms?: { name: string }[];
}) {
  const { t } = useTranslation();
  const reason = useReason();
  const [phone, setPhone] = useState('');
  const [phones, setPhones] = useState<string[]>([]);
  const [fault, setFault] = useState('');
  const [arm, setArm] = useState('');
  const [tried, setTried] = useState<Tried[]>([]);
  const add = (text: string) => {
    const one = text.trim();
    if (!one) return;
    if (phones.length >= MOST) return setFault(t('campaigns.testMost', { count: MOST }));
    setFault('');
    setPhones([...phones.filter((other) => other !== one), one]);
    setPhone('');
  };
  const pick = async (contact: string) => {
    if (!contact) return;
    const found = await answer(api.GET('/api/v1/contacts/{id}', { params: { path: { id: contact } } }));
    if (found.phone) add(found.phone);
    else setFault(t('campaigns.testNoPhone', { name: found.name ?? '' }));
  };
  const wanted = phone.trim() ? [...phones.filter((one) => one !== phone.trim()), phone.trim()] : phones;
  const send = useAct(async () => {
    // One after the other: each answer says what this contact reads.
    const all: Tried[] = [];
    for (const one of wanted) {
      try {
        const params = { path: { id } };
        const sent = await answer(
          api.POST('/api/v1/messaging/campaigns/{id}/test', {
            params,
            body: { phone: one, ...(arm && { arm }) },
          }),
        );
        all.push({ phone: one, sent });
      } catch (error) {
        const own = error instanceof ApiError && error.problem?.errors?.find((each) => each.pointer === '/phone');
        all.push({ phone: one, fault: own ? own.detail : reason(error) });
      }
      setTried([...all]);
    }
    // What was refused stays, so that the person can mend it.
    setPhones(all.filter((each) => each.fault).map((each) => each.phone));
    setPhone('');
  });
  return (
    <section aria-label={t('campaigns.testTitle')} className="grid gap-3 rounded-md border p-4">
      <h3 className="text-sm font-semibold">{t('campaigns.testTitle')}</h3>
      <p className="text-sm text-muted-foreground">{t('campaigns.testText')}</p>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <Field label={t('campaigns.testContact')}>
          <ContactPicker value="" onChange={(contact) => void pick(contact)} />
        </Field>
        <Field label={t('contacts.phone')} hint={t('contacts.phoneHint')} error={fault || undefined}>
          <Input
            type="tel"
            dir="ltr"
            maxLength={20}
            value={phone}
            onChange={(event) => setPhone(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== 'Enter') return;
              event.preventDefault();
              add(phone);
            }}
          />
        </Field>
      </div>
      {arms && (
        <Field label={t('experiment.arm')}>
          <NativeSelect value={arm || arms[0]?.name} onChange={(event) => setArm(event.target.value)}>
            {arms.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </NativeSelect>
        </Field>
      )}
      {phones.length > 0 && (
        <ul aria-label={t('campaigns.testTo')} className="flex flex-wrap gap-2">
          {phones.map((one) => (
            <li key={one} className="inline-flex items-center rounded-full border ps-3 text-sm">
              <bdi dir="ltr">{one}</bdi>
              <Button
                variant="ghost"
                size="icon"
                className="size-8 rounded-full"
                aria-label={`${t('common.delete')}: ${one}`}
                onClick={() => setPhones(phones.filter((other) => other !== one))}
              >
                <XIcon aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="flex flex-wrap gap-2">
        <Button variant="outline" disabled={!phone.trim()} onClick={() => add(phone)}>
          <UserPlusIcon aria-hidden />
          {t('campaigns.testAnother')}
        </Button>
        <Button variant="outline" disabled={!wanted.length || send.isPending} onClick={() => send.mutate(undefined)}>
          <SendIcon className="rtl:-scale-x-100" aria-hidden />
          {t('campaigns.test')}
        </Button>
      </div>
      <ul aria-live="polite" aria-label={t('campaigns.testSent')} className="grid gap-3">
        {tried.map((one) => (
          <li key={one.phone} className="grid gap-1 text-sm">
            <span className="flex flex-wrap items-center gap-2">
              {one.sent && <CheckIcon className="size-4 text-primary-text" aria-hidden />}
              {one.sent && <ContactName id={one.sent.contact_id} />}
              <bdi dir="ltr" className="text-muted-foreground">
                {one.phone}
              </bdi>
            </span>
            {one.sent ? (
              <p
                dir={direction(one.sent.language?.slice(0, 2) ?? 'en')}
                className="max-w-sm rounded-lg bg-muted p-3 break-words whitespace-pre-wrap"
              >
                {one.sent.text}
              </p>
            ) : (
              <p role="alert" className="text-destructive-text">
                {one.fault}
              </p>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
