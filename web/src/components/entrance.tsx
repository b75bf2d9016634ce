import { EyeIcon, EyeOffIcon, MessageCircleIcon } from 'lucide-react';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LANGUAGES, speak, type Language } from '@/lib/i18n';
import { Logo } from './logo';
import { useReason } from './states';
import { Input } from './ui/input';

export function PasswordInput(props: React.ComponentProps<typeof Input>) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const Icon = isShown ? EyeOffIcon : EyeIcon;
  return (
    <div className="relative">
      <Input {...props} type={isShown ? 'text' : 'password'} className="pe-10" />
      <button
        type="button"
        aria-label={isShown ? t('login.hide') : t('login.show')}
        className="absolute end-2 top-2 rounded-sm p-1 text-muted-foreground hover:text-foreground"
        onClick={() => setShown(!isShown)}
      >
        <Icon className="size-4" aria-hidden />
      </button>
    </div>
  );
}

export function Refusal({ error }: { error: unknown }) {
  const reason = useReason();
  if (error === undefined) return null;
  return (
    <p role="alert" className="rounded-md border border-destructive p-3 text-sm text-destructive-text">
      {reason(error)}
    </p>
  );
}

/** The few fields of the entrance. The form of the other pages would load much more than this page needs. */
export function useEntry<Name extends string>(
  check: (values: Record<Name, string>) => Partial<Record<Name, string | false>>,
  act: (values: Record<Name, string>) => Promise<unknown>,
) {
  const [errors, setErrors] = useState<Partial<Record<string, string | false>>>({});
  const [fault, setFault] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const values = Object.fromEntries(new FormData(form)) as Record<Name, string>;
    const found: Partial<Record<string, string | false>> = check(values);
    setErrors(found);
    setFault(undefined);
    const first = Object.keys(found).find((name) => found[name]);
    if (first) {
      form.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus();
      return;
    }
    setBusy(true);
    await act(values).catch(setFault);
    setBusy(false);
  };
  return {
    fault,
    isBusy,
    errorOf: (name: Name) => errors[name] || undefined,
    onSubmit: (event: FormEvent<HTMLFormElement>) => void submit(event),
  };
}

export function Entrance({ children }: { children: ReactNode }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="grid min-h-dvh bg-background md:grid-cols-2">
      <main className="flex flex-col p-6 sm:p-10">
        <div className="flex items-center justify-between">
          <Logo />
          <select
            aria-label={t('shell.language')}
            className="rounded-md border border-input bg-background px-2 py-1.5 text-sm"
            value={i18n.language}
            onChange={(event) => void speak(event.target.value as Language)}
          >
            {Object.entries(LANGUAGES).map(([code, name]) => (
              <option key={code} value={code}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <div className="mx-auto w-full max-w-sm grow content-center py-10">{children}</div>
      </main>
      <aside className="relative hidden overflow-hidden bg-emerald-900 text-white md:grid md:place-content-center">
        <svg
          className="absolute inset-0 size-full"
          preserveAspectRatio="xMidYMid slice"
          viewBox="0 0 600 800"
          aria-hidden
        >
          <rect width="600" height="800" fill="#064e3b" />
          <circle cx="520" cy="120" r="240" fill="#065f46" />
          <circle cx="60" cy="700" r="300" fill="#047857" opacity=".55" />
          {[
            [70, 110, 250, '#10b981'],
            [250, 200, 270, '#34d399'],
            [110, 560, 290, '#10b981'],
            [270, 650, 240, '#6ee7b7'],
          ].map(([x, y, width, fill]) => (
            <g key={`${x}`} opacity=".35">
              <rect x={x} y={y} width={width} height="64" rx="20" fill={String(fill)} />
              <rect x={Number(x) + 24} y={Number(y) + 20} width={Number(width) - 90} height="8" rx="4" fill="#fff" />
              <rect x={Number(x) + 24} y={Number(y) + 38} width={Number(width) - 140} height="8" rx="4" fill="#fff" />
            </g>
          ))}
        </svg>
        <div className="relative grid max-w-md justify-items-center gap-4 p-10 text-center">
          <span className="grid size-16 place-items-center rounded-2xl bg-white/15">
            <MessageCircleIcon className="size-9" aria-hidden />
          </span>
          <p className="text-3xl font-bold">Kazi</p>
          <p className="text-lg text-emerald-50">{t('login.tagline')}</p>
        </div>
      </aside>
    </div>
  );
}
