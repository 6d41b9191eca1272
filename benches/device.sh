#!/usr/bin/env bash
# Tries a GPU: first whether its engines give the posteriors of the CPU, then how fast they are, as Markdown for RESULTS.md.
#
# usage: benches/device.sh [--binary PATH] [--device D] [--survey N] [--small]
#   --binary PATH  the program; target/release/nebulium if absent
#   --device D     GPU by index, name or PCI id; the best if absent, 0 with --small
#   --survey N     galaxies of the simulated survey; 10000 if absent, 20 with --small
#   --small        sizes for software Vulkan: about a minute
# Needs bash, awk and the Vulkan loader. `cargo bench --bench engines --no-run` adds gradients a second inside NUTS, by engine;
# `cargo build --release --example export` and Python with BlackJAX that peer, on the device that JAX sees.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=target/release/nebulium
device=
survey=
small=
while [ $# -gt 0 ]; do
    case $1 in
    --binary) binary=$2; shift ;;
    --device) device=$2; shift ;;
    --survey) survey=$2; shift ;;
    --small) small=yes ;;
    *) sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift
done

# Draws of the comparison, chains of the one with many chains, chains in flight of the timings, and the chains of the survey.
correct=(--chains 4 --warmup 200 --draws 1000 --looks 1)
catalogues=(data/shoc579.csv data/hebcd_sample.csv)
many=100000
in_flight=(128 1024 8192 65536)
surveyed=(--config "$PWD/benches/peers/plain.toml" --chains 8 --warmup 60 --draws 220)
if [ -n "$small" ]; then
    device=${device:-0}
    survey=${survey:-20}
    many=500
    in_flight=(128)
    correct=(--chains 4 --warmup 200 --draws 200 --looks 1)
    catalogues=(data/shoc579.csv)
fi
survey=${survey:-10000}
seed=1
# A median may differ by this many combined Monte-Carlo errors: over some thousand comparisons 5 is met by chance once in 2000 runs.
most_errors=5

[ -x "$binary" ] || { echo "no program at $binary: cargo build --release, or --binary PATH" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
on_device=(--backend gpu)
[ -z "$device" ] || on_device+=(--device "$device")

# fit NAME CATALOGUE OPTION...: results in $work/NAME, the wall time in seconds in $seconds, the peak memory in MiB in $peak.
fit() {
    local name=$1 catalogue=$2 started ended
    shift 2
    local measured=()
    [ ! -x /usr/bin/time ] || measured=(/usr/bin/time -f %M -o "$work/$name.peak")
    started=$(date +%s.%N)
    "${measured[@]}" "$binary" fit "$catalogue" "$@" --seed $seed --keep-draws none --quiet --force --out "$work/$name"
    ended=$(date +%s.%N)
    seconds=$(awk "BEGIN { print $ended - $started }")
    peak=–
    [ ! -s "$work/$name.peak" ] || peak=$(awk 'END { printf "%.0f", $1 / 1024 }' "$work/$name.peak")
}

# field NAME FILE: a number or null of manifest.json, whichever way it is laid out.
field() {
    tr -d ' \n' <"$2" | grep -o "\"$1\":[^,}]*" | head -n 1 | cut -d: -f2 || true
}

# compare CPU DEVICE: how many medians of the parameters two results share, and the largest difference in combined Monte-Carlo
# errors, that of a median being sqrt(pi / 2) sd / sqrt(the smallest bulk effective sample size of the object).
compare() {
    awk -F, '
        FNR == 1 {
            split("", at)
            for (i = 1; i <= NF; i++) at[$i] = i
            next
        }
        NR == FNR {
            for (name in at) if (name ~ /_p50$/) {
                stem = substr(name, 1, length(name) - 4)
                median[$1, stem] = $at[name]; sd[$1, stem] = $at[stem "_sd"]
            }
            size[$1] = $at["ess_bulk_min"]
            next
        }
        size[$1] > 0 && $at["ess_bulk_min"] > 0 {
            for (name in at) if (name ~ /_p50$/) {
                stem = substr(name, 1, length(name) - 4)
                if ($at[name] == "" || median[$1, stem] == "" || !(sd[$1, stem] > 0)) continue
                error = sqrt(1.5707963 * (sd[$1, stem] ^ 2 / size[$1] + $at[stem "_sd"] ^ 2 / $at["ess_bulk_min"]))
                off = ($at[name] - median[$1, stem]) / error
                if (off < 0) off = -off
                n++
                if (off > worst) { worst = off; where = $1 " " stem }
            }
        }
        END { printf "%d %.2f %s\n", n, worst, where }' "$1/results.csv" "$2/results.csv"
}

"$binary" devices >&2

status=0
rows=
# agreed NAME ENGINE: a row about the results of an engine beside those of the CPU, both of the catalogue or setting NAME.
agreed() {
    local manifest=$work/$2-$1/manifest.json verdict=agrees compared worst where audit
    read -r compared worst where < <(compare "$work/cpu-$1" "$work/$2-$1")
    if [ "$compared" = 0 ] || awk "BEGIN { exit !($worst > $most_errors) }"; then
        verdict="DIFFERS: $where"
        status=1
    fi
    audit=$(field transitions "$manifest")
    [ -z "$audit" ] || audit="$(field disagreeing "$manifest") of $audit"
    rows+="| $1 | $2 | $compared | $worst | $(field f32_audit "$manifest") | ${audit:-–} | $verdict |"$'\n'
}
for catalogue in "${catalogues[@]}"; do
    name=$(basename "$catalogue" .csv)
    fit "cpu-$name" "$catalogue" --backend cpu "${correct[@]}"
    for engine in host resident; do
        fit "$engine-$name" "$catalogue" "${on_device[@]}" --engine $engine --audit 0.01 "${correct[@]}"
        agreed "$name" $engine
    done
done
name="$many chains"
fit "cpu-$name" data/shoc579.csv --backend cpu --chains $many --warmup 8 --draws 10
fit "resident-$name" data/shoc579.csv "${on_device[@]}" --engine resident --audit 0.0001 --chains $many --warmup 8 --draws 10
agreed "$name" resident
backend=$(tr -d '\n' <"$work/resident-$name/manifest.json" | grep -o '"backend": *"[^"]*"' | cut -d'"' -f4)

echo "## ${backend#gpu (f32, engine resident, }" | sed 's/)$//'
echo
echo "$("$binary" --version), $(date +%Y-%m-%d), $(uname -m), $(getconf _NPROCESSORS_ONLN) threads of the host; seed $seed."
echo
echo "| catalogue | engine | medians | worst, in Monte-Carlo errors | worst f32 error of ln p | transitions that differ in f64 | |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
echo "$rows"

echo "| survey | backend | wall / s | galaxies/s | peak memory / MiB | ok | of |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
catalogue=$work/survey.csv
"$binary" simulate --objects "$survey" --seed $seed --out "$catalogue" >"$work/simulated"
for engine in cpu resident; do
    where=(--backend cpu)
    [ $engine = cpu ] || where=("${on_device[@]}" --engine $engine)
    fit "$engine-survey" "$catalogue" "${where[@]}" "${surveyed[@]}"
    ok=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "status") c = i; next } $c == "ok" { n++ } END { print n + 0 }' "$work/$engine-survey/results.csv")
    echo "| $survey | $engine | $seconds | $(awk "BEGIN { printf \"%.3g\", $survey / $seconds }") | $peak | $ok | $survey |"
done
echo

bench=$(find target/release/deps -name 'engines-*' -type f -perm -u+x -printf '%T@ %p\n' 2>/dev/null | sort -n | tail -n 1 | cut -d' ' -f2 || true)
if [ -n "$bench" ]; then
    counts=$(IFS=,; echo "${in_flight[*]}")
    few=$(IFS=,; echo "${in_flight[*]:0:3}")
    "$bench" ${device:+--device "$device"} --engines resident --chains "$counts" --draws 200
    "$bench" ${device:+--device "$device"} --engines cpu --chains "$few" --draws 50
    echo
fi

exporter=target/release/examples/export
if [ -x $exporter ] && python3 -c 'import blackjax' 2>"$work/blackjax"; then
    $exporter benches/peers/plain.toml tests/fixtures/talk_fluxes.csv "$work/problem.json" >"$work/exported"
    chains=$([ -n "$small" ] && echo 16 || echo 4096)
    for program in "BlackJAX NUTS in f64" nebulium; do
        if [ "$program" = nebulium ]; then
            fit "talk" tests/fixtures/talk_fluxes.csv --config benches/peers/plain.toml "${on_device[@]}" --engine resident --chains "$chains" --warmup 60 --draws 50
            echo "nebulium, resident, talk's galaxy, $chains chains of 60 + 50: $seconds s from start to files"
        elif timeout 120 python3 benches/peers/run_blackjax.py "$work/problem.json" "$work/blackjax-out" --variant nuts --chains "$chains" --warmup 300 --draws 50 2>"$work/blackjax"; then
            echo "$program on $(python3 -c 'import jax; print(jax.devices()[0])'), talk's galaxy, $chains chains of 300 + 50: $(tr -d '\n' <"$work/blackjax-out/numbers.json")"
        else
            echo "$program failed: $(tail -n 1 "$work/blackjax")"
        fi
    done
fi
exit $status
