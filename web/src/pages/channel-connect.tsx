// A channel is connected step by step: the provider, what it gives, what it wants, and whether both reach each other.
// Whoever stops in between goes on later from the channel.

import { useNavigate, useParams } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHead } from '@/components/page';
import { Failed, Loading } from '@/components/states';
import { Steps } from '@/components/steps';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { DialogFooter } from '@/components/ui/dialog';
import { cn } from '@/lib/utils';
import { Access } from './channel-access';
import { Reach } from './channel-reach';
import { useChannel, type Channel } from './channel-health';
import { Guide } from './channel-guide';
import { SetupValues } from './channel-setup';

const KINDS = ['whatsapp', 'greenapi'] as const;
type Kind = (typeof KINDS)[number];
const [PROVIDER, ACCESS, WEBHOOK, REACH] = [0, 1, 2, 3];
const LIVE_MS = 3_000;

function Frame({ at, children }: { at: number; children: ReactNode }) {
  const { t } = useTranslation();
  const names = ['provider', 'access', 'webhook', 'reach'].map((one) => t(`channels.steps.${one}`));
  return (
    <>
      <PageHead title={t('channels.connect')} back={{ to: '/channels', label: t('nav.channels') }} />
      <Steps names={names} at={at} />
      <Card className="max-w-3xl">{children}</Card>
    </>
  );
}

function ChooseKind({ kind, onKind, onNext }: { kind: Kind; onKind: (kind: Kind) => void; onNext: () => void }) {
  const { t } = useTranslation();
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        onNext();
      }}
    >
      <fieldset className="grid gap-3 sm:grid-cols-2">
        <legend className="mb-3 font-semibold">{t('channels.choose')}</legend>
        {KINDS.map((one) => (
          <label
            key={one}
            className={cn(
              'flex cursor-pointer gap-3 rounded-md border p-4 has-[:focus-visible]:outline-2',
              one === kind && 'border-primary bg-muted',
            )}
          >
            <input
              type="radio"
              name="kind"
              className="mt-0.5 size-4 shrink-0 accent-[var(--ring)]"
              checked={one === kind}
              onChange={() => onKind(one)}
            />
            <span className="grid gap-1">
              <span className="font-medium">{t(`channels.kindNames.${one}`)}</span>
              <span className="text-sm text-muted-foreground">{t(`channels.kindHints.${one}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <DialogFooter>
        <Button type="submit">{t('common.next')}</Button>
      </DialogFooter>
    </form>
  );
}

export function ConnectChannel() {
  const navigate = useNavigate();
  const [at, setAt] = useState(PROVIDER);
  const [kind, setKind] = useState<Kind>('whatsapp');
  return (
    <Frame at={at!}>
      {at === PROVIDER ? (
        <ChooseKind kind={kind} onKind={setKind} onNext={() => setAt(ACCESS)} />
      ) : (
        <Access
          kind={kind}
          onBack={() => setAt(PROVIDER)}
          onDone={({ id }) => void navigate({ to: '/channels/$id/connect', params: { id } })}
        />
      )}
    </Frame>
  );
}

/** Where a person goes on with a channel that exists. */
function beginOf(channel: Channel) {
  if (channel.check_state === 'refused') return ACCESS;
  return channel.first_event_at ? REACH : WEBHOOK;
}

function Rest({ channel }: { channel: Channel }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [at, setAt] = useState(() => beginOf(channel));
  const { id } = channel;
  return (
    <Frame at={at!}>
      {at === ACCESS ? (
        <Access
          kind={channel.kind}
          of={channel}
          // Other ids make another channel, which has a page of its own.
          onDone={(done) =>
            done.id === id
              ? setAt(WEBHOOK)
              : void navigate({ to: '/channels/$id/connect', params: { id: done.id }, replace: true })
          }
        />
      ) : at === WEBHOOK ? (
        <div className="grid gap-6">
          <h2 className="font-semibold">{t('channels.webhookTitle')}</h2>
          <Guide kind={channel.kind} part="webhook" />
          <SetupValues channel={channel} />
          <DialogFooter>
            {channel.check_state !== 'ok' && (
              <Button variant="outline" onClick={() => setAt(ACCESS)}>
                {t('common.back')}
              </Button>
            )}
            <Button onClick={() => setAt(REACH)}>{t('common.next')}</Button>
          </DialogFooter>
        </div>
      ) : (
        <Reach
          channel={channel}
          onBack={() => setAt(WEBHOOK)}
          onEnd={() => void navigate({ to: '/channels/$id', params: { id } })}
        />
      )}
    </Frame>
  );
}

export function FinishChannel() {
  const { id } = useParams({ from: '/app/channels/$id/connect' });
  const query = useChannel(id, LIVE_MS);
  if (query.isPending) return <Loading />;
  // The channel that another one replaces is gone before the page of the new one is there.
  if (query.isLoadingError) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Rest key={id} channel={query.data} />;
}
