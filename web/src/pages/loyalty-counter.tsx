// The counter: a customer shows a code on their phone, and whoever serves them types it.

import { Link } from '@tanstack/react-router';
import { CircleCheckIcon, CircleXIcon } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { answer, api, ApiError } from '@/api/client';
import { ContactName } from '@/components/contact-name';
import { PageHead } from '@/components/page';
import { useReason } from '@/components/states';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Input } from '@/components/ui/input';
import { useQueryClient } from '@tanstack/react-query';
import { useFormat } from '@/lib/format';
import type { Redemption } from '@/lib/loyalty';
import { useWorkspaceId } from '@/lib/queries';

/** Characters of a code, and of its groups. */
const CODE = 12;
const GROUP = 4;

const charsOf = (typed: string) => typed.replace(/[\s-]/g, '').toUpperCase().slice(0, CODE);
const grouped = (chars: string) => chars.match(new RegExp(`.{1,${GROUP}}`, 'g'))?.join('-') ?? '';

export function Counter() {
  const { t } = useTranslation();
  const format = useFormat();
  const reason = useReason();
  const workspace = useWorkspaceId();
  const queries = useQueryClient();
  const field = useRef<HTMLInputElement>(null);
  const [chars, setChars] = useState('');
  const [taken, setTaken] = useState<Redemption | null>(null);
  const [fault, setFault] = useState('');
  const [isSending, setSending] = useState(false);
  const use = async () => {
    setSending(true);
    setFault('');
    setTaken(null);
    try {
      setTaken(await answer(api.POST('/api/v1/loyalty/codes/use', { body: { code: chars } })));
      setChars('');
      await queries.invalidateQueries({ queryKey: [workspace, 'loyalty'] });
    } catch (error) {
      setFault(error instanceof ApiError && error.status === 404 ? t('loyalty.noCode') : reason(error));
    } finally {
      setSending(false);
      // The next customer waits.
      field.current?.focus();
    }
  };
  return (
    <>
      <PageHead title={t('loyalty.useCode')} back={{ to: '/loyalty', label: t('nav.loyalty') }} />
      <Card className="mx-auto max-w-xl">
        <form
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void use();
          }}
        >
          <label className="grid gap-2 text-sm font-medium">
            {t('loyalty.typeCode')}
            <Input
              ref={field}
              dir="ltr"
              autoFocus
              autoComplete="off"
              autoCapitalize="characters"
              autoCorrect="off"
              spellCheck={false}
              enterKeyHint="done"
              placeholder="4D7H-Q2ZK-7KQ2"
              aria-describedby="counter-said"
              aria-invalid={fault !== ''}
              className="h-20 text-center font-mono text-2xl tracking-wider uppercase sm:text-4xl"
              value={grouped(chars)}
              onChange={(event) => {
                setChars(charsOf(event.target.value));
                setFault('');
              }}
            />
          </label>
          <Button type="submit" size="lg" className="h-14 text-lg" disabled={chars.length < CODE || isSending}>
            {t('loyalty.useCode')}
          </Button>
        </form>
        <div id="counter-said" aria-live="assertive" className="mt-6 empty:hidden">
          {taken && (
            <div className="grid justify-items-center gap-2 rounded-md border bg-emerald-100 p-6 text-center text-emerald-950 dark:bg-emerald-950 dark:text-emerald-100">
              <CircleCheckIcon className="size-12" aria-hidden />
              <p className="text-sm">{t('loyalty.give')}</p>
              <p className="text-2xl font-bold break-words">
                <bdi>{taken.reward_name}</bdi>
              </p>
              <p>
                <ContactName id={taken.contact_id} />
              </p>
              <p className="text-sm">{t('loyalty.points', { count: taken.cost, points: format.number(taken.cost) })}</p>
              <Link
                to="/loyalty/accounts/$id"
                params={{ id: taken.contact_id }}
                className="text-sm font-medium underline underline-offset-4"
              >
                {t('loyalty.account')}
              </Link>
            </div>
          )}
          {fault && (
            <div className="grid justify-items-center gap-2 rounded-md border bg-red-100 p-6 text-center text-red-950 dark:bg-red-950 dark:text-red-100">
              <CircleXIcon className="size-12" aria-hidden />
              <p className="text-lg font-semibold">{fault}</p>
            </div>
          )}
        </div>
        <p className="mt-4 text-sm text-muted-foreground">{t('loyalty.codeHint')}</p>
      </Card>
    </>
  );
}
