using System;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;
using System.Xml;

namespace Polder.Server.Site;

/// <summary>What other programs read of a site: its posts as an Atom feed (RFC 4287), its pages as a sitemap.</summary>
internal static class Feeds
{
    private const string Atom = "http://www.w3.org/2005/Atom";
    private const string Sitemap = "http://www.sitemaps.org/schemas/sitemap/0.9";
    private const int MostEntries = 20;

    /// <summary>The newest posts; <paramref name="root"/> is the site's address, no slash at its end.</summary>
    public static byte[] Feed(SiteIndex index, string root) => Write(xml =>
    {
        SiteSettings settings = index.Settings;
        xml.WriteStartElement("feed", Atom);
        xml.WriteElementString("title", Atom, settings.Title);
        xml.WriteElementString("id", Atom, root + "/");
        Link(xml, "self", root + "/feed.xml");
        Link(xml, "alternate", root + "/");
        xml.WriteElementString("updated", Atom, Time(index.Posts.Max(Changed)));
        xml.WriteStartElement("author", Atom);
        xml.WriteElementString("name", Atom, settings.Author.Length > 0 ? settings.Author : settings.Title);
        xml.WriteEndElement();
        foreach (Page post in index.Posts.Take(MostEntries))
        {
            xml.WriteStartElement("entry", Atom);
            xml.WriteElementString("title", Atom, post.Title);
            xml.WriteElementString("id", Atom, root + post.Route);
            Link(xml, "alternate", root + post.Route);
            xml.WriteElementString("published", Atom, Time(post.Date));
            xml.WriteElementString("updated", Atom, Time(Changed(post)));
            foreach (string tag in post.Tags)
            {
                xml.WriteStartElement("category", Atom);
                xml.WriteAttributeString("term", tag);
                xml.WriteEndElement();
            }

            xml.WriteElementString("summary", Atom, post.Description ?? post.Title);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    });

    /// <summary>Every page and tag.</summary>
    public static byte[] Map(SiteIndex index, string root) => Write(xml =>
    {
        xml.WriteStartElement("urlset", Sitemap);
        foreach (Page page in index.Pages.Values.Where(page => page.Route != "/404" && page.Problem is null)
            .OrderBy(page => page.Route, StringComparer.Ordinal))
        {
            xml.WriteStartElement("url", Sitemap);
            xml.WriteElementString("loc", Sitemap, root + page.Route);
            if (Changed(page) is not null)
            {
                xml.WriteElementString("lastmod", Sitemap, Time(Changed(page)));
            }

            xml.WriteEndElement();
        }

        foreach (string tag in index.Tags.Keys)
        {
            xml.WriteStartElement("url", Sitemap);
            xml.WriteElementString("loc", Sitemap, root + tag);
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    });

    private static DateTimeOffset? Changed(Page page) => page.Updated ?? page.Date;

    private static string Time(DateTimeOffset? time) =>
        (time ?? DateTimeOffset.UnixEpoch).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static void Link(XmlWriter xml, string relation, string address)
    {
        xml.WriteStartElement("link", Atom);
        xml.WriteAttributeString("rel", relation);
        xml.WriteAttributeString("href", address);
        xml.WriteEndElement();
    }

    private static byte[] Write(Action<XmlWriter> write)
    {
        using MemoryStream bytes = new();
        using (XmlWriter xml = XmlWriter.Create(bytes, new XmlWriterSettings
        {
            Indent = true,
            Encoding = new UTF8Encoding(false),
            NewLineChars = "\n",
        }))
        {
            write(xml);
        }

        return bytes.ToArray();
    }
}
