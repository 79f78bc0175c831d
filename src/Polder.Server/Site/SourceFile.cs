namespace Polder.Server.Site;

/// <summary>A file of the site as it was last read.</summary>
/// <param name="Path">Below the site's folder, with slashes.</param>
/// <param name="Text">The content of a text that pages are made of; null for an asset.</param>
/// <param name="Hash">Of the bytes.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Problem">Why it cannot be used, if it cannot.</param>
internal sealed record SourceFile(string Path, string? Text, ulong Hash, long SizeBytes, SiteProblem? Problem = null);
