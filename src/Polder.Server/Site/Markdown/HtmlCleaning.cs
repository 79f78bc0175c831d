using System;
using System.Linq;
using Ganss.Xss;

namespace Polder.Server.Site.Markdown;

/// <summary>Raw HTML of a folder that is not trusted: what could run a script or reach outside is left out.</summary>
internal static class HtmlCleaning
{
    private static readonly string[] Elements =
        ["details", "summary", "figure", "figcaption", "picture", "source", "video", "audio", "mark", "time", "kbd"];

    private static readonly string[] Attributes =
    [
        "id", "class", "open", "aria-label", "aria-hidden", "aria-labelledby", "aria-describedby", "role", "tabindex",
        "data-language", "datetime", "controls", "loading",
    ];

    /// <summary>The same HTML without what is not allowed.</summary>
    public static string Clean(string html)
    {
        HtmlSanitizer sanitizer = new();
        sanitizer.AllowedTags.UnionWith(Elements);
        sanitizer.AllowedTags.ExceptWith(["form", "button", "textarea", "select", "style"]);
        sanitizer.AllowedAttributes.UnionWith(Attributes);
        sanitizer.AllowedAttributes.Remove("style");
        sanitizer.AllowedSchemes.Add("mailto");
        return sanitizer.Sanitize(html);
    }

    /// <summary>Whether an address is one of the web, of mail, or relative.</summary>
    public static bool IsSafeAddress(string address)
    {
        string text = string.Concat(address.Where(c => !char.IsControl(c) && !char.IsWhiteSpace(c)));
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        int slash = text.AsSpan().IndexOfAny('/', '?', '#');
        return colon < 0 || (slash >= 0 && slash < colon) ||
            text[..colon].ToLowerInvariant() is "http" or "https" or "mailto" or "tel";
    }

    /// <summary>Whether an attribute written in braces can do no more than name, class and describe.</summary>
    public static bool IsSafeAttribute(string name, string? value) =>
        !name.StartsWith("on", StringComparison.OrdinalIgnoreCase) &&
        !name.Equals("style", StringComparison.OrdinalIgnoreCase) &&
        !name.Equals("srcdoc", StringComparison.OrdinalIgnoreCase) &&
        (value is null || IsSafeAddress(value));
}
