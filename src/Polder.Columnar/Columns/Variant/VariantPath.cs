using System;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Polder.Columns.Variant;

/// <summary>
/// A place inside a variant, as Spark's variant_get spells it: <c>$</c>, then any number of <c>.key</c>,
/// <c>['key']</c>, <c>["key"]</c> and <c>[position]</c>. Immutable.
/// </summary>
public sealed class VariantPath
{
    private readonly Step[] _steps;

    private VariantPath(Step[] steps)
    {
        _steps = steps;
    }

    /// <summary>Steps from the whole to the place.</summary>
    public int StepCount => _steps.Length;

    /// <summary>Parses a path.</summary>
    /// <param name="text">The path's text.</param>
    /// <param name="path">The path.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out VariantPath? path)
    {
        path = null;
        if (!text.StartsWith('$'))
        {
            return false;
        }

        List<Step> steps = [];
        int position = 1;
        while (position < text.Length)
        {
            if (!TryParseStep(text, ref position, out Step step))
            {
                return false;
            }

            steps.Add(step);
        }

        path = new VariantPath([.. steps]);
        return true;
    }

    /// <summary>Parses a path.</summary>
    /// <exception cref="FormatException">The text is no path.</exception>
    public static VariantPath Parse(string text) =>
        TryParse(text, out VariantPath? path) ? path : throw new FormatException($"'{text}' is no path of a variant");

    /// <summary>The value at this place; false where there is none: a key or position that is not there, or a step
    /// into what has no such parts.</summary>
    /// <param name="root">The whole.</param>
    /// <param name="found">The part.</param>
    /// <exception cref="CorruptFileException">The value is damaged.</exception>
    public bool TryFind(VariantValue root, out VariantValue found)
    {
        found = root;
        foreach (Step step in _steps)
        {
            if (step.Key is not null)
            {
                if (!found.TryGetField(step.Key, out found))
                {
                    return false;
                }
            }
            else if (found.Kind == VariantKind.Array && step.Index < found.Count)
            {
                found = found[step.Index];
            }
            else
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The key of a step; null where it is a position in an array.</summary>
    public string? KeyAt(int step) => _steps[step].Key is byte[] key ? Encoding.UTF8.GetString(key) : null;

    /// <summary>The path in brackets and quotes.</summary>
    public override string ToString()
    {
        StringBuilder text = new("$");
        foreach (Step step in _steps)
        {
            text.Append(step.Key is null
                ? string.Create(CultureInfo.InvariantCulture, $"[{step.Index}]")
                : $"['{Encoding.UTF8.GetString(step.Key)}']");
        }

        return text.ToString();
    }

    private static bool TryParseStep(string text, ref int position, out Step step)
    {
        step = default;
        int start = position + 1;
        if (text[position] == '.')
        {
            int end = text.AsSpan(start).IndexOfAny('.', '[');
            position = end < 0 ? text.Length : start + end;
            step = new Step(Encoding.UTF8.GetBytes(text[start..position]), 0);
            return position > start;
        }

        if (text[position] != '[' || start == text.Length)
        {
            return false;
        }

        if (text[start] is '\'' or '"')
        {
            int end = text.IndexOf(text[start], start + 1);
            if (end < 0 || end + 1 >= text.Length || text[end + 1] != ']' || end == start + 1)
            {
                return false;
            }

            step = new Step(Encoding.UTF8.GetBytes(text[(start + 1)..end]), 0);
            position = end + 2;
            return true;
        }

        int close = text.IndexOf(']', start);
        if (close < 0 || !int.TryParse(
            text.AsSpan(start, close - start), NumberStyles.None, CultureInfo.InvariantCulture, out int index))
        {
            return false;
        }

        step = new Step(null, index);
        position = close + 1;
        return true;
    }

    private readonly record struct Step(byte[]? Key, int Index);
}
