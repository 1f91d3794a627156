// Another sampling rate, by a windowed sinc: what the new rate can't carry is taken out before it would fold back as noise.

/** Zero crossings of the sinc on each side. */
const reach = 16;

export function resample(samples: Float32Array, from: number, to: number): Float32Array {
  if (from === to) return samples;
  const step = from / to;
  // below both Nyquist frequencies, with some room for the slope of the filter
  const cutoff = Math.min(1, to / from) * 0.94;
  const half = reach / cutoff;
  const result = new Float32Array(Math.max(1, Math.floor((samples.length * to) / from)));
  const kernel = tableOf(cutoff, half);
  for (let i = 0; i < result.length; i++) {
    const centre = i * step;
    const first = Math.max(0, Math.ceil(centre - half));
    const last = Math.min(samples.length - 1, Math.floor(centre + half));
    let sum = 0;
    for (let n = first; n <= last; n++)
      sum += (samples[n] ?? 0) * (kernel[Math.round(Math.abs(n - centre) * finer)] ?? 0);
    result[i] = sum;
  }
  return result;
}

/** The kernel is read from a table with so many places between two samples. */
const finer = 512;

function tableOf(cutoff: number, half: number): Float32Array {
  return Float32Array.from({ length: Math.ceil(half * finer) + 1 }, (_, i) => {
    const x = i / finer;
    if (x >= half) return 0;
    const sinc = x === 0 ? 1 : Math.sin(Math.PI * cutoff * x) / (Math.PI * cutoff * x);
    const hann = 0.5 * (1 + Math.cos((Math.PI * x) / half));
    return cutoff * sinc * hann;
  });
}
