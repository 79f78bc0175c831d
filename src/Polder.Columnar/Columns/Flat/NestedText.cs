using System;
using System.Collections.Generic;
using System.Text;

namespace Polder.Columns.Flat;

/// <summary>Text in and out of columns whose leaves are the UTF-8 bytes of strings.</summary>
public static class NestedText
{
    /// <summary>The leaves of a view as text: a word, or a whole paragraph run together.</summary>
    public static string ToText(this NestedView<byte> view) => Encoding.UTF8.GetString(view.Leaves);

    /// <summary>Appends a string to the open list.</summary>
    /// <exception cref="InvalidOperationException">A list of strings is not open.</exception>
    public static void AppendText(this NestedBuilder<byte> builder, ReadOnlySpan<char> text)
    {
        if (Ascii.IsValid(text))
        {
            Ascii.FromUtf16(text, builder.AppendListSpan(text.Length), out _);
        }
        else
        {
            Encoding.UTF8.GetBytes(text, builder.AppendListSpan(Encoding.UTF8.GetByteCount(text)));
        }
    }

    /// <summary>Appends a list of strings; null appends a null.</summary>
    public static void AppendTexts(this NestedBuilder<byte> builder, IEnumerable<string?>? texts) =>
        builder.AppendEach(texts, AppendOrNull);

    /// <summary>Appends a list of lists of strings; null appends a null.</summary>
    public static void AppendTexts(this NestedBuilder<byte> builder, IEnumerable<IEnumerable<string?>?>? lists) =>
        builder.AppendEach(lists, static (open, texts) => open.AppendTexts(texts));

    private static void AppendOrNull(NestedBuilder<byte> builder, string? text)
    {
        if (text is null)
        {
            builder.AppendNull();
        }
        else
        {
            builder.AppendText(text);
        }
    }
}
