using System;
using System.Collections.Generic;
using System.Linq;

namespace Polder.Server.Charts;

/// <summary>Bars, upright or lying; side by side or stacked, negative values the other way.</summary>
internal sealed class BarChart
{
    private const int MostMarks = 2000;
    private const int MostUprightCategories = 400;
    private const int MostLyingCategories = 40;
    private const double LyingBand = 22;

    private readonly ChartArguments _arguments;
    private readonly IReadOnlyList<string> _labels;
    private readonly List<(ChartSeries Series, double[] Values)> _series = [];
    private readonly bool _isLying;

    public BarChart(ChartData data, ChartArguments arguments)
    {
        _arguments = arguments;
        _isLying = arguments.Kind == "hbar";

        // What has no colour of its own is one bar: the sum of the others.
        foreach (ChartSeries series in data.Series)
        {
            if (series.Style == 0 && _series.Count > 0 && _series[^1].Series.Style == 0)
            {
                Add(_series[^1].Values, data.ByCategory(series));
                continue;
            }

            _series.Add((series.Style == 0 ? series with { Name = "other" } : series, data.ByCategory(series)));
        }

        int most = int.Max(1, MostMarks / int.Max(1, _series.Count));
        Count = int.Min(data.Categories.Count, int.Min(_isLying ? MostLyingCategories : MostUprightCategories, most));
        TotalCount = data.Categories.Count;
        _labels = [.. data.Categories.Take(Count)];
        foreach ((ChartSeries _, double[] values) in _series)
        {
            for (int index = 0; arguments.Log && index < values.Length; index++)
            {
                if (values[index] <= 0)
                {
                    values[index] = double.NaN;
                    LostCount++;
                }
            }
        }
    }

    /// <summary>Categories that are drawn.</summary>
    public int Count { get; }

    /// <summary>Categories of the data.</summary>
    public int TotalCount { get; }

    /// <summary>Values that a logarithm does not show.</summary>
    public int LostCount { get; }

    /// <summary>What the legend says.</summary>
    public IEnumerable<ChartSeries> Legend => _series.Select(item => item.Series);

    private bool IsStacked => _arguments.Stacked && !_arguments.Log;

    public string Draw(string label, string description)
    {
        (double least, double most) = Range();
        return _isLying ? DrawLying(label, description, least, most) : DrawUpright(label, description, least, most);
    }

    private string DrawUpright(string label, string description, double least, double most)
    {
        Plot plot = new(_arguments.Height, least, most, _arguments.Log, _arguments.Format, hasContext: false);
        double band = plot.InnerWidth / int.Max(1, Count);
        Svg svg = new Svg().Open(Plot.Width, plot.Height, "chart bars", label, description);
        plot.DrawGrid(svg, ChartView.AxisTitle(_arguments));
        Draw(svg, plot.Y, plot.Baseline, (index, slot, slots, from, to, tip) =>
        {
            (double start, double size) = SlotOf(band, slot, slots);
            svg.Rectangle(
                plot.Left + (index * band) + start, double.Min(from, to), size, double.Abs(to - from), tip);
        });

        // As many labels as fit, all of one width.
        double widest = _labels.Count == 0 ? 1 : double.Min(120, _labels.Max(CategoryLabels.WidthOf) + 10);
        int stride = int.Max(1, (int)Math.Ceiling(double.Min(widest, 64) / band));
        double room = (band * stride) - 6;
        svg.OpenGroup("labels x");
        for (int index = 0; index < Count; index += stride)
        {
            svg.Text(
                index / stride % 2 == 0 ? "middle" : "middle alternate",
                plot.Left + ((index + 0.5) * band),
                plot.Bottom + 18,
                CategoryLabels.Fit(_labels[index], room),
                _labels[index]);
        }

        return svg.CloseGroup().ToString();
    }

    private string DrawLying(string label, string description, double least, double most)
    {
        double labelWidth = _labels.Count == 0 ? 40 : double.Min(
            230, (_labels.Max(CategoryLabels.WidthOf) * Plot.LargestType) + 12);
        double band = LyingBand * (IsStacked || _series.Count < 3 ? 1 : _series.Count / 2.0);
        double height = (Count * band) + 40;
        IReadOnlyList<Tick> ticks = _arguments.Log
            ? Ticks.Logarithmic(least, most, _arguments.Format) : Ticks.Linear(least, most, 6, _arguments.Format);
        Func<double, double> scale = _arguments.Log ? Math.Log10 : value => value;
        double low = scale(ticks[0].Value);
        double range = (scale(ticks[^1].Value) / 2) - (low / 2);
        double inner = Plot.Width - labelWidth - 24;
        double X(double value) =>
            labelWidth + (double.Clamp(((scale(value) / 2) - (low / 2)) / range, 0, 1) * inner);
        Svg svg = new Svg().Open(Plot.Width, height, "chart bars lying", label, description);
        svg.Text("title", labelWidth, 9, CategoryLabels.Fit(ChartView.AxisTitle(_arguments), inner / 1.5));
        svg.OpenGroup("grid");
        foreach (Tick tick in ticks)
        {
            svg.Line(tick.Value == 0 ? "zero" : "rule", X(tick.Value), 16, X(tick.Value), height - 22);
        }

        svg.CloseGroup();
        Draw(svg, X, _arguments.Log ? labelWidth : X(0), (index, slot, slots, from, to, tip) =>
        {
            (double start, double size) = SlotOf(band, slot, slots);
            svg.Rectangle(
                double.Min(from, to), 16 + (index * band) + start, double.Abs(to - from), size, tip);
        });
        svg.OpenGroup("labels y");
        for (int index = 0; index < Count; index++)
        {
            svg.Text(
                "end",
                labelWidth - 7,
                16 + ((index + 0.5) * band) + 4,
                CategoryLabels.Fit(_labels[index], (labelWidth - 8) / Plot.LargestType),
                _labels[index]);
        }

        svg.CloseGroup().OpenGroup("labels x");
        for (int index = 0; index < ticks.Count; index++)
        {
            svg.Text(
                index % 2 == 0 ? "middle" : "middle alternate", X(ticks[index].Value), height - 6, ticks[index].Label);
        }

        return svg.CloseGroup().ToString();
    }

    private delegate void DrawBar(int index, int slot, int slots, double from, double to, string tip);

    private void Draw(Svg svg, Func<double, double> place, double baseline, DrawBar draw)
    {
        double[] up = new double[Count];
        double[] down = new double[Count];
        for (int number = 0; number < _series.Count; number++)
        {
            (ChartSeries series, double[] values) = _series[number];
            svg.OpenGroup($"s{series.Style}");
            for (int index = 0; index < Count; index++)
            {
                double value = values[index];
                if (double.IsNaN(value))
                {
                    continue;
                }

                string tip = (_series.Count > 1 ? $"{_labels[index]}, {series.Name}: " : _labels[index] + ": ") +
                    ChartView.NumberText(value, _arguments);
                double[] pile = value < 0 ? down : up;
                double from = IsStacked ? place(pile[index]) : baseline;
                pile[index] += value;
                draw(index, IsStacked ? 0 : number, IsStacked ? 1 : _series.Count, from,
                    place(IsStacked ? pile[index] : value), tip);
            }

            svg.CloseGroup();
        }
    }

    // Gaps between categories, hardly any between the bars of one.
    private static (double Start, double Size) SlotOf(double band, int slot, int slots)
    {
        double gap = band * (band > 6 ? 0.24 : band > 2 ? 0.1 : 0);
        double inner = (band - gap) / slots;
        return ((gap / 2) + (slot * inner), double.Max(0.3, inner - (slots > 1 && inner > 4 ? 1 : 0)));
    }

    private (double Least, double Most) Range()
    {
        double least = double.PositiveInfinity;
        double most = double.NegativeInfinity;
        for (int index = 0; index < Count; index++)
        {
            double up = 0;
            double down = 0;
            foreach ((ChartSeries _, double[] values) in _series)
            {
                double value = double.IsNaN(values[index]) ? 0 : values[index];
                up = IsStacked ? up + double.Max(0, value) : double.Max(up, value);
                down = IsStacked ? down + double.Min(0, value) : double.Min(down, value);
                least = double.IsNaN(values[index]) ? least : double.Min(least, value);
            }

            most = double.Max(most, up);
            least = _arguments.Log ? least : double.Min(least, double.Min(0, down));
        }

        return _arguments.Log
            ? least > 0 && double.IsFinite(least) ? (least, most) : (1, 10)
            : (double.Min(0, double.IsFinite(least) ? least : 0), double.IsFinite(most) ? most : 0);
    }

    private static void Add(double[] sums, double[] values)
    {
        for (int index = 0; index < sums.Length; index++)
        {
            sums[index] = double.IsNaN(sums[index]) ? values[index]
                : double.IsNaN(values[index]) ? sums[index] : sums[index] + values[index];
        }
    }
}
