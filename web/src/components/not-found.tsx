import { Link, useRouter } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Failed } from './states';
import { Button } from './ui/button';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <div className="grid min-h-[60dvh] place-content-center gap-4 p-6 text-center">
      <h1 className="text-2xl font-bold">{t('error.notFound')}</h1>
      <Button asChild className="justify-self-center">
        <Link to="/">{t('error.home')}</Link>
      </Button>
    </div>
  );
}

export function Crashed({ error }: { error: unknown }) {
  const router = useRouter();
  return <Failed error={error} retry={() => void router.invalidate()} />;
}
