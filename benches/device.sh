#!/usr/bin/env bash
# Tries a GPU: first whether its engines give the posteriors of the CPU, then how fast they are, as Markdown for RESULTS.md.
#
# usage: benches/device.sh [--binary PATH] [--device D] [--survey N] [--small]
#   --binary PATH  the program; target/release/nebulium if absent
#   --device D     GPU by index, name or PCI id; the best if absent, 0 with --small
#   --survey N     galaxies of the simulated survey; 100000 if absent, 200 with --small
#   --small        sizes for software Vulkan: about a minute
# Needs bash, awk and the Vulkan loader. With Python and JAX the table also says which device JAX sees beside it.
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
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift
done

# Chains an object, and the draws and warm-up of what is timed; chains in flight of each timing.
chains=4
timed=(--chains $chains --draws 100 --warmup 50)
in_flight=(100 1000 10000 100000)
correct=(--draws 1000)
catalogues=(data/shoc579.csv data/hebcd_sample.csv)
if [ -n "$small" ]; then
    device=${device:-0}
    survey=${survey:-20}
    in_flight=(100)
    correct=(--draws 200)
    catalogues=(data/shoc579.csv)
fi
survey=${survey:-100000}
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

# column NAME FILE: the sum of a column of results.csv.
column() {
    awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i; next } { sum += $c } END { printf "%.0f", sum }' "$2"
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
for catalogue in "${catalogues[@]}"; do
    name=$(basename "$catalogue" .csv)
    fit "cpu-$name" "$catalogue" --backend cpu "${correct[@]}"
    for engine in host tree; do
        fit "$engine-$name" "$catalogue" "${on_device[@]}" --engine $engine --audit 0.01 "${correct[@]}"
        manifest=$work/$engine-$name/manifest.json
        read -r compared worst where < <(compare "$work/cpu-$name" "$work/$engine-$name")
        verdict=agrees
        if [ "$compared" = 0 ] || awk "BEGIN { exit !($worst > $most_errors) }"; then
            verdict="DIFFERS: $where"
            status=1
        fi
        audit=$(field transitions "$manifest")
        [ -z "$audit" ] || audit="$(field disagreeing "$manifest") of $audit"
        rows+="| $name | $engine | $compared | $worst | $(field f32_audit "$manifest") | ${audit:-–} | $verdict |"$'\n'
    done
done
backend=$(tr -d '\n' <"$manifest" | grep -o '"backend": *"[^"]*"' | cut -d'"' -f4)

echo "## ${backend#gpu (f32, engine tree, }" | sed 's/)$//'
echo
echo "$("$binary" --version), $(date +%Y-%m-%d), $(uname -m), $(getconf _NPROCESSORS_ONLN) threads of the host; seed $seed."
if python3 -c 'import jax' 2>"$work/jax"; then
    python3 -c 'import jax; print("JAX", jax.__version__, "sees", jax.devices()[0])' 2>"$work/jax" || true
fi
echo
echo "| catalogue | engine | medians | worst, in Monte-Carlo errors | worst f32 error of ln p | transitions that differ in f64 | |"
echo "| --- | --- | --- | --- | --- | --- | --- |"
echo "$rows"

echo "| chains in flight | backend | wall / s | gradients | gradients/s |"
echo "| --- | --- | --- | --- | --- |"
for n in "${in_flight[@]}"; do
    catalogue=$work/chains-$n.csv
    "$binary" simulate --objects $((n / chains)) --seed $seed --out "$catalogue" >"$work/simulated"
    for engine in cpu host tree; do
        where=(--backend cpu)
        [ $engine = cpu ] || where=("${on_device[@]}" --engine $engine)
        fit "$engine-$n" "$catalogue" "${where[@]}" "${timed[@]}"
        gradients=$(column n_gradients "$work/$engine-$n/results.csv")
        echo "| $n | $engine | $seconds | $gradients | $(awk "BEGIN { printf \"%.3g\", $gradients / $seconds }") |"
    done
done
echo

echo "| survey | backend | wall / s | galaxies/s | peak memory / MiB |"
echo "| --- | --- | --- | --- | --- |"
catalogue=$work/survey.csv
"$binary" simulate --objects "$survey" --seed $seed --out "$catalogue" >"$work/simulated"
for engine in cpu host tree; do
    where=(--backend cpu)
    [ $engine = cpu ] || where=("${on_device[@]}" --engine $engine)
    fit "$engine-survey" "$catalogue" "${where[@]}" "${timed[@]}"
    echo "| $survey | $engine | $seconds | $(awk "BEGIN { printf \"%.3g\", $survey / $seconds }") | $peak |"
done
exit $status
