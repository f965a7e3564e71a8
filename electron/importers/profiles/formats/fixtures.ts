/** Small files in the forms of other tools, made up, with round numbers that can be checked by hand. */

export const ZEUS = `start_time,window_name,elapsed_time,gpu0_energy,gpu1_energy
1712061413.5,query 1,2.0,300.5,200.5
1712061416.0,query 2,4.0,600.0,400.0
`;

export const CODECARBON = `timestamp,project_name,run_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,cpu_energy,gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,ram_total_size,tracking_mode,on_cloud,pue
2024-05-31T10:39:13,inference,,10.0,1e-6,1e-7,30.0,200.0,3.0,0.0001,0.0005,0.00001,0.00061,France,FRA,"Île-de-France, Paris",,,Linux,3.11,2.4.3,16,AMD EPYC 7742,1,1 x NVIDIA A100,2.8,48.4,512.0,process,N,1.0
2024-05-31T10:39:33,inference,,20.0,2e-6,1e-7,30.0,,3.0,0.0002,,0.00002,0.00022,France,FRA,"Île-de-France, Paris",,,Linux,3.11,2.4.3,16,AMD EPYC 7742,,,2.8,48.4,512.0,process,N,1.0
`;

export const SPLITWISE = `model,hardware,prompt_size,batch_size,token_size,peak_power,average_power,prompt_time,token_time,e2e_time,tensor_parallel
llama2-70b,a100-80gb,512,1,128,1.0,0.75,196.0,54.0,7000.0,2
llama2-70b,a100-80gb,512,4,128,1.0,0.5,800.0,60.0,8000.0,2
llama2-70b,h100-80gb,512,1,128,0.0,0.0,85.0,37.0,4800.0,2
`;

export const MLENERGY_LEADERBOARD = JSON.stringify({
  model_id: 'org/Model-8B',
  task: 'lm-arena-chat',
  weight_precision: 'bfloat16',
  configurations: [
    {
      gpu_model: 'H100',
      num_gpus: 1,
      max_num_seqs: 8,
      avg_batch_size: 8,
      avg_output_len: 600,
      energy_per_request_joules: 240,
      energy_per_token_joules: 0.4,
      output_throughput_tokens_per_sec: 1200,
      output_length_distribution: { bins: [0, 500, 1000], counts: [400, 624] },
    },
    {
      gpu_model: 'B200',
      num_gpus: 2,
      avg_batch_size: 16,
      avg_output_len: 650,
      energy_per_request_joules: 165,
      output_throughput_tokens_per_sec: 2000,
    },
  ],
});

export const MLENERGY_RESULTS = JSON.stringify({
  model_id: 'org/Model-8B',
  gpu_model: 'H100',
  num_gpus: 1,
  max_num_seqs: 16,
  duration: 10,
  completed: 3,
  steady_state_energy_per_token: 0.5,
  total_input_tokens: 500,
  request_throughput: 0.3,
  results: [
    { input_len: 100, output_len: 200, latency: 10, ttft: 0.1, energy: 100, success: true },
    { input_len: 300, output_len: 40, latency: 5, ttft: 0.2, energy: 20, error: '' },
    { input_len: 100, output_len: 60, latency: 5, ttft: 0.1, success: true },
    { input_len: 50, output_len: 0, latency: 0, energy: 0, success: false },
  ],
});

/** Three requests one after the other, 10 s in all, and one that failed. */
export const VLLM_BENCH = JSON.stringify({
  date: '20240402-073640',
  backend: 'vllm',
  model_id: 'org/Model-8B',
  tokenizer_id: 'org/Model-8B',
  num_prompts: 4,
  duration: 10,
  completed: 3,
  total_input_tokens: 600,
  total_output_tokens: 30,
  request_throughput: 0.3,
  input_lens: [100, 200, 300, 400],
  output_lens: [10, 10, 10, 0],
  ttfts: [0.5, 0.5, 0.5, 0],
  itls: [[0.5, 0.5, 1], [1.5, 2], [0.5], []],
  start_times: [5000, 5003, 5008, 5009],
  errors: ['', '', '', 'connection reset'],
});

export const LLAMA_BENCH = JSON.stringify([
  {
    build_commit: 'abc123',
    cpu_info: 'Test CPU',
    gpu_info: 'NVIDIA A100',
    backends: 'CUDA',
    model_filename: 'models/llama-2-7b.Q4_0.gguf',
    model_type: 'llama 7B Q4_0',
    n_prompt: 64,
    n_gen: 32,
    n_depth: 0,
    test_time: '2024-04-02T07:36:40Z',
    avg_ns: 2_000_000_000,
    stddev_ns: 100_000_000,
    samples_ns: [2_250_000_000, 1_750_000_000],
  },
  {
    model_filename: 'x.gguf',
    n_prompt: 512,
    n_gen: 0,
    test_time: '2024-04-02T07:37:00Z',
    avg_ns: 500_000_000,
    stddev_ns: 1,
  },
]);

const latency = (mean: number, stdev: number): object => ({
  unit: 's',
  mean,
  stdev,
  count: 5,
  values: [mean],
  total: 5 * mean,
});
const energy = (cpu: number, gpu: number, ram: number): object => ({
  unit: 'kWh',
  cpu,
  gpu,
  ram,
  total: cpu + gpu + ram,
});

export const OPTIMUM = JSON.stringify({
  config: {
    name: 'cuda',
    backend: {
      name: 'pytorch',
      model: 'org/Model-8B',
      device: 'cuda',
      device_ids: '0,1',
      torch_dtype: 'float16',
    },
    scenario: {
      input_shapes: { batch_size: 4, sequence_length: 256 },
      generate_kwargs: { max_new_tokens: 64, min_new_tokens: 64, use_cache: true },
    },
    environment: { gpu: ['NVIDIA A100'], processor: 'x86_64' },
  },
  report: {
    prefill: { memory: null, latency: latency(0.25, 0.01), energy: energy(1e-6, 1e-5, 0) },
    decode: { memory: null, latency: latency(1.75, 0.02), energy: energy(3e-6, 4e-5, 0) },
  },
});

const aiperfRecord = (index: number, startMs: number, latencyMs: number): string =>
  JSON.stringify({
    metadata: {
      session_num: index,
      request_start_ns: 1_712_061_400_000_000_000 + startMs * 1_000_000,
      request_end_ns: 1_712_061_400_000_000_000 + (startMs + latencyMs) * 1_000_000,
      benchmark_phase: 'profiling',
      was_cancelled: false,
    },
    metrics: {
      input_sequence_length: { value: 550, unit: 'tokens' },
      output_sequence_length: { value: 9, unit: 'tokens' },
      time_to_first_token: { value: 250, unit: 'ms' },
      request_latency: { value: latencyMs, unit: 'ms' },
      inter_chunk_latency: { value: [5, 5], unit: 'ms' },
    },
    error: null,
  });

export const AIPERF = [
  aiperfRecord(0, 10_000, 2000),
  aiperfRecord(1, 14_000, 3000),
  JSON.stringify({
    metadata: {
      request_start_ns: 1_712_061_420_000_000_000,
      request_end_ns: 1_712_061_420_001_000_000,
      was_cancelled: true,
    },
    metrics: { error_isl: { value: 550, unit: 'tokens' } },
    error: { code: 499, type: 'RequestCancellationError', message: 'cancelled' },
  }),
  '',
].join('\n');

const event = (atS: number, type: string, phase: string, metadata: object = {}): string =>
  JSON.stringify({ timestamp_s: 1_784_491_122 + atS, event_type: type, phase, message: '', metadata });

export const JOULEWISE = [
  event(0, 'sampling_started', 'measured_run'),
  event(0.25, 'phase_start', 'tokenize'),
  event(0.25, 'phase_end', 'tokenize', { prompt_tokens: 128 }),
  event(0.5, 'phase_start', 'prefill', { prompt_tokens: 128 }),
  event(0.75, 'phase_end', 'prefill'),
  event(0.75, 'phase_start', 'decode'),
  event(1.25, 'phase_end', 'decode', { emitted_tokens: 64 }),
  event(1.5, 'sampling_stopped', 'measured_run'),
  '',
].join('\n');

export const JOB_INFO = `job:
  date: 2024-04-02
  start_time: 07-36-20
  details:
    model_name: falcon-7b
    system_name: argonne-swing
    num_tokens: 32
    batch_size: 32
    hf_name: tiiuae/falcon-7b
    prompt-I: #include <alloca.h>
#include <limits.h>
`;

export const MELANGE = JSON.stringify({
  gpu_info: { 'A100-80GB': { cost: 3.67, tputs: [[20, 2]] } },
  workload_distribution: [[0.25, 0.75]],
  total_request_rate: 1,
  slice_factor: 1,
});
