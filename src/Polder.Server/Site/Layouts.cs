using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using System.Threading.Tasks;
using Fluid;
using Fluid.Values;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Primitives;

namespace Polder.Server.Site;

/// <summary>
/// The layouts and partials of a site at one moment: its own (<c>layouts/NAME.liquid</c>), and Polder's where it has
/// none of that name. All are parsed at once, so that a broken one tells so whichever page is looked at.
/// </summary>
internal sealed partial class Layouts
{
    private const string Prefix = "layouts/";
    private const string Extension = ".liquid";
    private const int MostSteps = 1_000_000;
    private const int DeepestInclude = 32;

    private static readonly FluidParser Parser = new();
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);

    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IFluidTemplate> _templates = new(StringComparer.Ordinal);
    private readonly TemplateOptions _options;

    public Layouts(IReadOnlyDictionary<string, SourceFile> files)
    {
        foreach (string name in BuiltInFiles.Names.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)))
        {
            _texts[name] = BuiltInFiles.Text(name);
        }

        foreach (SourceFile file in files.Values.Where(IsLayout))
        {
            _texts[file.Path] = file.Text ?? "";
        }

        foreach ((string path, string text) in _texts)
        {
            if (Parser.TryParse(text, out IFluidTemplate template, out string error))
            {
                _templates[path] = template;
            }
            else
            {
                Problem ??= ProblemOf(path, text, error);
            }
        }

        _options = new TemplateOptions
        {
            FileProvider = new Texts(_texts),
            MaxSteps = MostSteps,
            MaxRecursion = DeepestInclude,
        };
        _options.Filters.AddFilter("asset", (input, _, _) =>
            new StringValue(AssetMark.Of(input.ToStringValue()), encode: false));
    }

    /// <summary>What is wrong with the first broken layout.</summary>
    public SiteProblem? Problem { get; }

    public static bool IsLayout(SourceFile file) => file.Path.StartsWith(Prefix, StringComparison.Ordinal) &&
        file.Path.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>A value that templates write as it is.</summary>
    public static object Html(string html) => new StringValue(html, encode: false);

    public bool Has(string name) => _texts.ContainsKey(Prefix + name + Extension);

    /// <summary>Renders a layout with named values.</summary>
    /// <exception cref="SiteProblemException">It is broken, or not there.</exception>
    public async Task<string> RenderAsync(string name, IReadOnlyDictionary<string, object?> values)
    {
        string path = Prefix + name + Extension;
        if (Problem is not null)
        {
            throw new SiteProblemException(Problem);
        }

        if (!_templates.TryGetValue(path, out IFluidTemplate? template))
        {
            throw new SiteProblemException(new SiteProblem(path, 0, 0, "there is no such layout"));
        }

        TemplateContext context = new(_options);
        foreach ((string key, object? value) in values)
        {
            context.SetValue(key, value);
        }

        try
        {
            return await template.RenderAsync(context, Encoder).ConfigureAwait(false);
        }
        catch (Exception error) when (error is not OutOfMemoryException and not OperationCanceledException)
        {
            // Fluid tells of a missing partial, of one that includes itself and of a wrong value by exceptions.
            throw new SiteProblemException(new SiteProblem(path, 0, 0, error.Message));
        }
    }

    private static SiteProblem ProblemOf(string path, string text, string error)
    {
        Match place = Place().Match(error);
        int Number(int group) =>
            place.Success && int.TryParse(place.Groups[group].ValueSpan, out int number) ? number : 0;
        string message = place.Success ? error[..place.Index].Trim() : error;
        return new SiteProblem(path, Number(1), Number(2), message.Split('\n')[0]).WithSource(text);
    }

    [GeneratedRegex(@"(?:at )?\((\d+):(\d+)\)")]
    private static partial Regex Place();

    /// <summary>Partials by name, as the template language asks for them.</summary>
    private sealed class Texts(Dictionary<string, string> texts) : IFileProvider
    {
        public IFileInfo GetFileInfo(string subpath)
        {
            string path = Prefix + subpath.Replace('\\', '/');
            return texts.TryGetValue(path, out string? text) ? new TextFile(path, text) : new NotFoundFileInfo(subpath);
        }

        public IDirectoryContents GetDirectoryContents(string subpath) => NotFoundDirectoryContents.Singleton;

        public IChangeToken Watch(string filter) => NullChangeToken.Singleton;
    }

    private sealed class TextFile(string path, string text) : IFileInfo
    {
        private readonly byte[] _bytes = Encoding.UTF8.GetBytes(text);

        public bool Exists => true;

        public long Length => _bytes.Length;

        public string? PhysicalPath => null;

        public string Name => path;

        public DateTimeOffset LastModified => DateTimeOffset.UnixEpoch;

        public bool IsDirectory => false;

        public Stream CreateReadStream() => new MemoryStream(_bytes, writable: false);
    }
}
