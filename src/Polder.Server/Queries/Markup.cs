using System.Text;

namespace Polder.Server.Queries;

/// <summary>Text as it may stand in HTML and SVG, in attributes too.</summary>
internal static class Markup
{
    /// <summary>The text with every character escaped that means something, and none that XML forbids.</summary>
    public static string Encode(string text)
    {
        StringBuilder encoded = new(text.Length + 16);
        Append(encoded, text);
        return encoded.ToString();
    }

    /// <summary>Appends a text, encoded.</summary>
    public static void Append(StringBuilder markup, string text)
    {
        foreach (char unit in text)
        {
            _ = unit switch
            {
                '&' => markup.Append("&amp;"),
                '<' => markup.Append("&lt;"),
                '>' => markup.Append("&gt;"),
                '"' => markup.Append("&quot;"),
                '\'' => markup.Append("&#39;"),
                < ' ' and not '\t' and not '\n' => markup.Append('\uFFFD'),
                _ => markup.Append(unit),
            };
        }
    }
}
